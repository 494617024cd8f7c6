using Quorate.Contracts;

namespace Quorate.Quorum.Core;

/// <summary>One incarnation of one node as the arbiter has it: presence, permission and what the node promised (rules S3, S4, S5).</summary>
/// <remarks>At most one row of a node has not ended; that one, or the last admitted, is the node's current row.</remarks>
public sealed record LeaseRow
{
    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    public required LeaseState State { get; init; }

    /// <summary>The highest sequence accepted; presence.</summary>
    public required long Sequence { get; init; }

    /// <summary>The highest sequence answered with a lease; 0 when none ever was. Permission.</summary>
    public required long GrantedSequence { get; init; }

    /// <summary>The formation (<see cref="ArbiterState.FormedAt"/>) in which leases were granted; 0 when none ever was. Never moves to another formation (rule S1).</summary>
    public required long GrantedIn { get; init; }

    /// <summary>The length of every lease of this incarnation, fixed when it was admitted (rule S4).</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>How long after expiry the node may take to stop all; the longest it ever named (rule S4).</summary>
    public required TimeSpan StopDeadline { get; init; }

    /// <summary>What a watchdog or reboot may take on top; the longest it ever named (rule S4).</summary>
    public required TimeSpan Watchdog { get; init; }

    /// <summary>
    /// True while its guard destroys what it cannot stop, for every lease it may still hold: only then does time count as fencing (rule S7).
    /// </summary>
    public required bool IsSelfFencing { get; init; }

    /// <summary>What it does when its lease runs out, or is about to do: the node says so before its guard stops ending it (rule S4).</summary>
    public OnLeaseLoss OnLeaseLoss { get; init; }

    /// <summary>True once its guard acts by <see cref="OnLeaseLoss"/> and has it on disk.</summary>
    public bool IsOnLeaseLossApplied { get; init; }

    /// <summary>When it came into this state, by the clock of the replica that wrote it. For display; decides nothing (rule S2).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is in this state, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>True when this incarnation is proven to run nothing.</summary>
    public bool HasEnded => State is LeaseState.Fenced or LeaseState.Left;

    /// <summary>True while its silence means nothing: an operator works on the cluster, and it is not self-fencing meanwhile.</summary>
    public bool MayBeSilent(ArbiterState arbiter) => arbiter.IsMaintenance && OnLeaseLoss == OnLeaseLoss.Maintenance;

    /// <summary>What its guard is known to do when its lease runs out.</summary>
    public OnLeaseLoss ConfirmedOnLeaseLoss => IsOnLeaseLossApplied ? OnLeaseLoss : OnLeaseLoss.Stop;

    /// <summary>True when it was given a lease that dissolving quorum took back: it must end and come anew (rule S1).</summary>
    public bool IsWithdrawn(ArbiterState arbiter) =>
        State == LeaseState.Live && GrantedIn != 0 && !(arbiter.IsQuorate && arbiter.FormedAt == GrantedIn);

    /// <summary>True when it was given a lease before quorum formed: it counts as lost, though its heartbeats arrive, until it has ended (rule S1).</summary>
    public bool MustComeAnew(ArbiterState arbiter) => arbiter.IsQuorate && IsWithdrawn(arbiter);

    /// <summary>The row after it ended or was lost.</summary>
    public LeaseRow Become(LeaseState state, DateTimeOffset now, string reason) => this with { State = state, Since = now, Reason = reason };
}
