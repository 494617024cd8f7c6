using System.Collections.Immutable;

namespace Quorate.Cli.Demo.Witness;

/// <summary>All that the witness agents wrote up to one moment, and what follows from it. Pure.</summary>
/// <param name="Events">The lines <c>start stop refused</c>, in the order of the file.</param>
/// <param name="Signs">The lines <c>alive</c>, each resource's in the order of its file.</param>
internal sealed record Testimony(ImmutableArray<WitnessLine> Events, ImmutableArray<WitnessLine> Signs)
{
    /// <summary>Nothing was written yet.</summary>
    public static Testimony Empty { get; } = new([], []);

    /// <summary>Events and signs of life together, for <see cref="Ownership"/>.</summary>
    public IEnumerable<WitnessLine> All => Events.Concat(Signs);

    /// <summary>The start that holds: the newest of the resource, unless its node stopped it since. Null where none does.</summary>
    public WitnessLine? HoldingStart(string name) =>
        Events.LastOrDefault(line => line.Name == name && line.Event is ("start" or "stop")) is { Event: "start" } start ? start : null;

    /// <summary>Starts of the resource after the first <paramref name="mark"/> events.</summary>
    public IEnumerable<WitnessLine> StartsSince(int mark, string name) =>
        Events.Skip(mark).Where(line => line.Event == "start" && line.Name == name);

    /// <summary>The first sign of life that the resource gave on the node of that start after it.</summary>
    public WitnessLine? SignAfter(WitnessLine start) =>
        Signs.FirstOrDefault(sign => sign.Name == start.Name && sign.Node == start.Node && sign.Time >= start.Time);

    /// <summary>The newest sign of life on a node, of any resource; null where there is none.</summary>
    public WitnessLine? LastSignOn(string node) => Signs.Where(sign => sign.Node == node).MaxBy(sign => sign.Time);
}
