using System.Collections.Immutable;
using System.Globalization;
using Quorate.Cli.Demo.Witness;

namespace Quorate.Cli.Demo.Script;

/// <summary>
/// Judges the steps of the script by what the agents wrote and by nothing else. Pure. A start counts only with a later sign of life
/// of the daemon itself on that node.
/// </summary>
internal static class Observation
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>The resource started on one of these nodes, after the action.</summary>
    /// <param name="now">All that was written by now.</param>
    /// <param name="since">The action, as <see cref="Moment"/>.</param>
    /// <param name="name">The resource.</param>
    /// <param name="nodes">Where it may start; not empty.</param>
    public static Finding Started(Testimony now, Moment since, string name, ImmutableArray<string> nodes)
    {
        if (now.StartsSince(since.Events, name).LastOrDefault() is not { } start || now.HoldingStart(name) != start)
        {
            return Finding.Lacks($"{name} has not started on {Or(nodes)}");
        }

        return !nodes.Contains(start.Node) ? Finding.Lacks($"{name} started on {start.Node} instead of {Or(nodes)}")
            : now.SignAfter(start) is null ? Finding.Lacks($"{name} started on {start.Node} but gave no sign of life there")
            : Finding.Saw($"{name} started on {start.Node}, {Seconds(start.Time - since.Time)} later");
    }

    /// <summary>The resource stopped on one node, and only then started on the other.</summary>
    public static Finding Moved(Testimony now, Moment since, string name, string from, ImmutableArray<string> to)
    {
        ImmutableArray<WitnessLine> events = [.. now.Events.Skip(since.Events).Where(line => line.Name == name)];
        return events is not [{ Event: "stop" } stop, ..] || stop.Node != from
            ? Finding.Lacks($"{name} has not stopped on {from}")
            : Finding.All([Finding.Saw($"{name} stopped on {from}, {Seconds(stop.Time - since.Time)} later"), Started(now, since, name, to)]);
    }

    /// <summary>Nothing happened to the resource since the action, and it was alive on that node after <paramref name="until"/>.</summary>
    /// <param name="now">All that was written by now.</param>
    /// <param name="since">The action.</param>
    /// <param name="name">The resource.</param>
    /// <param name="node">Where it ran before.</param>
    /// <param name="until">CLOCK_BOOTTIME, nanoseconds; null while what it is compared with has not happened.</param>
    public static Finding Stayed(Testimony now, Moment since, string name, string node, long? until) =>
        now.Events.Skip(since.Events).FirstOrDefault(line => line.Name == name) is { } moved ? Finding.Lacks($"{name} was to stay on {node}, but there was a {moved.Event} on {moved.Node}")
        : until is { } instant && now.Signs.Any(sign => sign.Name == name && sign.Node == node && sign.Time > instant) ? Finding.Saw($"{name} stayed on {node}")
        : Finding.Lacks($"{name} gave no later sign of life on {node}");

    /// <summary>Since that instant nothing on the node has given a sign of life, nor started or stopped.</summary>
    public static Finding Silent(Testimony now, string node, long since) =>
        now.All.Where(line => line.Node == node && line.Time > since).MinBy(line => line.Time) is { } sign
            ? Finding.Lacks($"{node} was dead, but {sign.Name} wrote '{sign.Event}' there {Seconds(sign.Time - since)} later")
            : Finding.Saw($"no process of {node} gave a sign of life any more");

    /// <summary>Each resource wrote down that it stopped, where it ran.</summary>
    /// <param name="now">All that was written by now.</param>
    /// <param name="before">Where each ran.</param>
    public static Finding Stopped(Testimony now, Testimony before, IEnumerable<string> names) => Finding.All(names
        .Select(name => (Name: name, Start: before.HoldingStart(name)))
        .Where(resource => resource.Start is not null)
        .Select(resource => now.Events.LastOrDefault(line => line.Name == resource.Name) is { Event: "stop" } stop && stop.Node == resource.Start?.Node
            ? Finding.Saw($"{resource.Name} stopped on {stop.Node}")
            : Finding.Lacks($"{resource.Name} has not stopped on {resource.Start?.Node}")));

    /// <summary>No resource ever ran on two nodes at once.</summary>
    public static Finding NeverTwoOwners(Testimony now)
    {
        IReadOnlyList<string> violations = Ownership.Violations(now.All);
        return violations.Count > 0 ? Finding.All(violations.Select(Finding.Lacks))
            : now.Events.IsEmpty ? Finding.Lacks("the agents wrote nothing")
            : Finding.Saw(string.Create(
                CultureInfo.InvariantCulture,
                $"{now.Events.Length} starts and stops and {now.Signs.Length} signs of life: no resource ever had two owners"));
    }

    private static string Or(ImmutableArray<string> nodes) => string.Join(" or ", nodes);

    private static string Seconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / NanosecondsPerSecond:0.0} s");
}
