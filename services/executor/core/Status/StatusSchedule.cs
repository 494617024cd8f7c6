using System.Collections.Immutable;

namespace Quorate.Executor.Core.Status;

/// <summary>
/// When which check of a running service is due. Each depth of each resource has its own timer; of those due the deepest runs, and
/// only its own timer is set anew.
/// </summary>
/// <remarks>Source: rgmanager.md 2.7. Instants are milliseconds of CLOCK_BOOTTIME.</remarks>
public sealed record StatusSchedule
{
    private readonly ImmutableArray<StatusCheck> _checks;
    private readonly ImmutableArray<long> _lastEnded;

    private StatusSchedule(ImmutableArray<StatusCheck> checks, ImmutableArray<long> lastEnded)
    {
        _checks = checks;
        _lastEnded = lastEnded;
    }

    /// <summary>Begins with the start of the service: the first check comes one interval later.</summary>
    /// <param name="checks">In any order; those without an interval are never due.</param>
    /// <param name="startedAt">When the service was started or adopted.</param>
    public static StatusSchedule Begin(IEnumerable<StatusCheck> checks, long startedAt)
    {
        ImmutableArray<StatusCheck> periodic =
            [.. checks.Where(check => check.Interval > TimeSpan.Zero).OrderBy(check => check.Step).ThenByDescending(check => check.Depth)];
        return new StatusSchedule(periodic, [.. periodic.Select(_ => startedAt)]);
    }

    /// <summary>What is due now, in start order, at most one check for each resource: its deepest due one.</summary>
    public ImmutableArray<StatusCheck> Due(long now) =>
    [
        .. _checks.Where((check, index) => DueAt(index) <= now)
            .GroupBy(check => check.Step)
            .Select(resource => resource.First()),
    ];

    /// <summary>The earliest instant at which something is due; null when nothing ever is.</summary>
    public long? NextDue => _checks.IsEmpty ? null : Enumerable.Range(0, _checks.Length).Min(DueAt);

    /// <summary>Sets the timer of one check anew, and no other.</summary>
    /// <param name="check">One that <see cref="Due"/> gave.</param>
    /// <param name="at">When it ended, well or not.</param>
    public StatusSchedule Ended(StatusCheck check, long at)
    {
        int index = _checks.IndexOf(check);
        return index < 0 ? this : new StatusSchedule(_checks, _lastEnded.SetItem(index, at));
    }

    private long DueAt(int index) => _lastEnded[index] + (long)_checks[index].Interval.TotalMilliseconds;
}
