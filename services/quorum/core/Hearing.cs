using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>
/// Which nodes speak but do not hear. A lease nobody hears of protects nothing, and a node whose bus is dead gets no orders; neither
/// is renewed, so that its services move (rule S3). Sequences are milliseconds of the node's own clock, so how far the newest heard
/// answer lags behind is a time.
/// </summary>
/// <remarks>A value; one entry for each node, replaced with its incarnation.</remarks>
public sealed record Hearing
{
    private ImmutableSortedDictionary<NodeName, Ear> Ears { get; init; } = ImmutableSortedDictionary<NodeName, Ear>.Empty;

    /// <summary>Knows nothing yet: a replica that starts gives everyone a full grace.</summary>
    public static Hearing Nothing { get; } = new();

    /// <summary>
    /// Knows nothing any more: this replica could answer nobody for a while (rule S2). What a node heard last is then no sign of its ears;
    /// it is judged from its next heartbeat.
    /// </summary>
    public static Hearing AfterGap { get; } = new() { IsAfterGap = true };

    private bool IsAfterGap { get; init; }

    /// <summary>Takes note of one heartbeat and says why its node is deaf; null when it hears.</summary>
    /// <param name="heartbeat">A sound one of a configured node.</param>
    /// <param name="ttl">The length of its lease.</param>
    /// <param name="busGrace">How long the bus may be silent.</param>
    /// <param name="ownBusWorkedFor">For how long this replica's own bus has worked without a break; null when it does not work now.</param>
    public (Hearing Next, string? Deafness) Judge(NodeHeartbeat heartbeat, TimeSpan ttl, TimeSpan busGrace, TimeSpan? ownBusWorkedFor)
    {
        Ear ear = Ears.TryGetValue(heartbeat.Node, out Ear known) && known.Incarnation == heartbeat.Incarnation
            ? known
            : new Ear(heartbeat.Incarnation, 0, 0, IsAfterGap ? heartbeat.Sequence : 0);
        // An executor that starts (again) has heard nothing yet and says 0: it is judged from the first such heartbeat.
        ear = ear with
        {
            AnswerlessFrom = heartbeat.NewestAnswer > 0 ? 0 : FirstOf(ear.AnswerlessFrom, heartbeat.Sequence),
            BuslessFrom = heartbeat.NewestBusAnswer > 0 ? 0 : FirstOf(ear.BuslessFrom, heartbeat.Sequence),
        };
        long answerLag = heartbeat.Sequence - Math.Max(ear.JudgedFrom, Math.Max(heartbeat.NewestAnswer, ear.AnswerlessFrom));
        long busLag = heartbeat.Sequence - Math.Max(ear.JudgedFrom, Math.Max(heartbeat.NewestBusAnswer, ear.BuslessFrom));
        string? deafness = answerLag > ttl.TotalMilliseconds
            ? Text($"the node heard no answer for {answerLag} ms, longer than a lease of {ttl.TotalMilliseconds:0} ms")
            : ownBusWorkedFor >= busGrace && busLag > busGrace.TotalMilliseconds
                ? Text($"the node heard nothing over the bus for {busLag} ms, longer than {busGrace.TotalMilliseconds:0} ms, while the bus works here")
                : null;
        return (this with { Ears = Ears.SetItem(heartbeat.Node, ear) }, deafness);
    }

    private static long FirstOf(long known, long sequence) => known > 0 ? Math.Min(known, sequence) : sequence;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Incarnation">Whose ear.</param>
    /// <param name="AnswerlessFrom">The first sequence that said "no answer yet"; 0 once one was heard.</param>
    /// <param name="BuslessFrom">The same for answers over the bus.</param>
    /// <param name="JudgedFrom">The first sequence after a gap of this replica's own; 0 without one.</param>
    private readonly record struct Ear(Incarnation Incarnation, long AnswerlessFrom, long BuslessFrom, long JudgedFrom);
}
