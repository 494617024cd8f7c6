using Quorate.Contracts.V1;
using Quorate.Model.Resources;

namespace Quorate.Scheduler.Core;

/// <summary>
/// How long an operation may take before it is asked for again. Asking again is harmless and changes no owner (rule S8), so the
/// first repetition comes early, in case the order or its answer was lost.
/// </summary>
/// <param name="Start">The longest pause between two attempts of a start.</param>
/// <param name="Stop">The same for a stop.</param>
/// <param name="Probe">The same for a probe.</param>
/// <param name="RetransmitFirst">The pause after the first attempt; it doubles up to the action's own.</param>
/// <param name="RetryFirst">The pause before a service that nobody could start is tried again; it doubles up to <paramref name="RetryMax"/>.</param>
/// <param name="RetryMax">The longest such pause.</param>
public sealed record OperationTimeouts(
    TimeSpan Start, TimeSpan Stop, TimeSpan Probe, TimeSpan RetransmitFirst, TimeSpan RetryFirst, TimeSpan RetryMax)
{
    /// <summary>No deadline is further away, unless the clock that it was set by was ahead: the wall clock decides when, never whether (rule S2).</summary>
    public static readonly TimeSpan ActionMax = TimeSpan.FromHours(1);

    /// <summary>The longest pause between two attempts of a migration.</summary>
    public TimeSpan Migrate { get; init; } = TimeSpan.FromMinutes(10);

    private const int DoublingsMax = 16;

    private static readonly TimeSpan ActionMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ActionMargin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ActionWithoutTimeout = TimeSpan.FromSeconds(20);

    /// <summary>What holds where the configuration says nothing.</summary>
    public static OperationTimeouts Default { get; } = new(
        TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30),
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));

    /// <summary>The timeouts of a service: the sum of its resources' own, a margin, and bounds of 10 s and 1 h.</summary>
    public static OperationTimeouts Of(ResourceNode tree) => Default with
    {
        Start = Bounded(Sum(tree, "start")),
        Stop = Bounded(Sum(tree, "stop") + Sum(tree, "monitor")),
        Probe = Bounded(Sum(tree, "monitor")),
        Migrate = Bounded(Sum(tree, "migrate") + Sum(tree, "monitor")),
    };

    /// <summary>How long to wait for an answer to one attempt, from 1.</summary>
    public TimeSpan After(NodeAction action, int attempt)
    {
        TimeSpan longest = action switch { NodeAction.Start or NodeAction.Convalesce or NodeAction.Condstart => Start, NodeAction.Migrate => Migrate, NodeAction.Stop or NodeAction.Condstop => Stop, _ => Probe };
        return Doubled(RetransmitFirst, attempt - 1, longest);
    }

    /// <summary>How long to wait after so many failed journeys in a row, from 1.</summary>
    public TimeSpan BackOff(int failures) => Doubled(RetryFirst, failures - 1, RetryMax);

    /// <summary>True once a deadline has passed, and for one that only a clock which was ahead can have set.</summary>
    public bool IsDue(PendingOperation pending, DateTimeOffset now) =>
        pending.Deadline <= now || pending.Deadline - now > After(pending.Action, Math.Max(pending.Attempt, pending.Refusals));

    /// <summary>The same for a service that nobody could start.</summary>
    public static bool IsRetryDue(DateTimeOffset retryAt, DateTimeOffset now) => retryAt <= now || retryAt - now > Default.RetryMax;

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest)
    {
        TimeSpan pause = first * (1L << Math.Clamp(times, 0, DoublingsMax));
        return pause < longest ? pause : longest;
    }

    private static TimeSpan Sum(ResourceNode node, string action)
    {
        ResourceAction? found = node.Actions.FirstOrDefault(candidate => candidate.Name == action);
        TimeSpan sum = found is { Timeout: var timeout } && timeout > TimeSpan.Zero ? timeout : ActionWithoutTimeout;
        foreach (ResourceNode child in node.Children)
        {
            sum += Sum(child, action);
        }

        return sum;
    }

    private static TimeSpan Bounded(TimeSpan sum) => sum + ActionMargin is var total && total < ActionMin ? ActionMin : total > ActionMax ? ActionMax : total;
}
