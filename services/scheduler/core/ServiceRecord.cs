using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>
/// One service's row: all that is remembered of it. Only <see cref="Lifecycle"/> makes the next one from the last. While
/// <see cref="Owner"/> is set that incarnation may run the service, and no other may (rule S8).
/// </summary>
/// <remarks>Source: rgmanager.md 3.1 (the state record) and 3.8; DESIGN 3 and 5.</remarks>
public sealed record ServiceRecord
{
    public required ServiceName Name { get; init; }

    public required ServiceState State { get; init; }

    /// <summary>The node that runs it or may run it; null exactly when none may, save a <see cref="Hold"/>.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Set exactly when <see cref="Owner"/> is.</summary>
    public Incarnation? OwnerIncarnation { get; init; }

    public NodeName? LastOwner { get; init; }

    /// <summary>From 0; grows by one or more with every operation, never back.</summary>
    public required long Epoch { get; init; }

    /// <summary>
    /// The highest epoch given to any node; above <see cref="Epoch"/> only while the newest order stopped a stray beside the owner. What
    /// the owner says is compared with <see cref="Epoch"/>, what comes next is above both.
    /// </summary>
    public long NewestEpoch { get; init; }

    /// <summary>The membership generation of the newest decision; an older membership must not judge this row (rule S5).</summary>
    public long Generation { get; init; }

    public bool IsFrozen { get; init; }

    public bool IsPartial { get; init; }

    /// <summary>Starts for recovery since the last ordinary start.</summary>
    public int Restarts { get; init; }

    /// <summary>When it was restarted for recovery, oldest first, within the definition's restart_expire_time; at most max_restarts.</summary>
    public ImmutableArray<DateTimeOffset> RestartTimes { get; init; } = [];

    /// <summary>When it took this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is in this state, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When its owner's start ended, by that node's clock in milliseconds; only its later inventories know of the start.</summary>
    public long StartEndedAt { get; init; }

    public PendingOperation? Pending { get; init; }

    public Hold? Hold { get; init; }

    /// <summary>False until the autostart rule was applied, it was started, or an operator disabled it: it never ran.</summary>
    public bool WasEvaluated { get; init; }

    /// <summary>Stopped by an operator: stays so until a node goes or comes (scenario 24).</summary>
    public bool AwaitsTransition { get; init; }

    /// <summary>Stopped by an operator: stays so until it is enabled.</summary>
    public bool AwaitsOperator { get; init; }

    /// <summary>Where a migration brings it: that incarnation may run it too, until it is proven that it does not.</summary>
    public Hold? Receiver { get; init; }

    /// <summary>
    /// Not started by itself before this instant, and while it runs not asked again to follow a newer configuration (rule S13); null when it
    /// need not wait.
    /// </summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>How many journeys in a row ended without a start, or how often in a row its owner refused to change it; sets the back-off.</summary>
    public int StartFailures { get; init; }

    public Journey? Journey { get; init; }

    /// <summary>Nodes that came up while it was busy on its owner, in name order: looked at as soon as it is at rest there.</summary>
    public ImmutableArray<NodeName> Newcomers { get; init; } = [];

    /// <summary>
    /// The digest of the configuration by which it runs, or may run, on its owner or where it is held; of no meaning without both. Null in
    /// rows of before this was kept.
    /// </summary>
    public string? RunsBy { get; init; }

    /// <summary>The digest of the configuration for which it has already stopped what that one no longer has as it is; null while it has not.</summary>
    public string? PrunedFor { get; init; }

    /// <summary>The digest of the configuration that its owner refused to follow last; null once it followed one.</summary>
    public string? RefusedFor { get; init; }

    /// <summary>True since it was taken out of the configuration; should it come back, it begins as a new one.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>True when its journey goes on with the planner's next word.</summary>
    public bool AwaitsPlacement => Journey is not null && Owner is null && IsIdle;

    /// <summary>True while no start or stop is under way; a probe changes nothing and stands in nobody's way.</summary>
    public bool IsIdle => Pending is null or { Action: NodeAction.Probe };

    /// <summary>The epoch of the pending operation; the record's own where none is pending.</summary>
    public long PendingEpoch => Pending?.Epoch ?? Epoch;

    /// <summary>An epoch that no order of this service had; executors refuse any other (rule S8).</summary>
    public long NextEpoch => Math.Max(Epoch, NewestEpoch) + 1;

    /// <summary>The row of a service nobody has seen yet.</summary>
    public static ServiceRecord New(ServiceName name, DateTimeOffset now) => new()
    {
        Name = name,
        State = ServiceState.Uninitialized,
        Epoch = 0,
        Since = now,
        Reason = "never evaluated",
    };
}
