using Quorate.Contracts;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>A row of <c>quorum_lease</c> as Dapper reads it.</summary>
internal sealed class LeaseRecord
{
    public const string Columns =
        "quorum_lease.node, quorum_lease.incarnation, quorum_lease.state, quorum_lease.sequence, quorum_lease.granted_sequence, quorum_lease.granted_in, "
        + "quorum_lease.ttl_milliseconds, quorum_lease.stop_deadline_milliseconds, quorum_lease.watchdog_milliseconds, quorum_lease.is_self_fencing, "
        + "quorum_lease.on_lease_loss, quorum_lease.is_on_lease_loss_applied, quorum_lease.since, quorum_lease.reason";

    public NodeName Node { get; set; }

    public Incarnation Incarnation { get; set; }

    public string State { get; set; } = "";

    public long Sequence { get; set; }

    public long GrantedSequence { get; set; }

    public long GrantedIn { get; set; }

    public long TtlMilliseconds { get; set; }

    public long StopDeadlineMilliseconds { get; set; }

    public long WatchdogMilliseconds { get; set; }

    public long IsSelfFencing { get; set; }

    public string OnLeaseLoss { get; set; } = "";

    public long IsOnLeaseLossApplied { get; set; }

    public DateTimeOffset Since { get; set; }

    public string Reason { get; set; } = "";

    public LeaseRow ToRow() => new()
    {
        Node = Node,
        Incarnation = Incarnation,
        State = Enum.Parse<LeaseState>(State, ignoreCase: true),
        Sequence = Sequence,
        GrantedSequence = GrantedSequence,
        GrantedIn = GrantedIn,
        Ttl = TimeSpan.FromMilliseconds(TtlMilliseconds),
        StopDeadline = TimeSpan.FromMilliseconds(StopDeadlineMilliseconds),
        Watchdog = TimeSpan.FromMilliseconds(WatchdogMilliseconds),
        IsSelfFencing = IsSelfFencing != 0,
        OnLeaseLoss = Enum.Parse<OnLeaseLoss>(OnLeaseLoss, ignoreCase: true),
        IsOnLeaseLossApplied = IsOnLeaseLossApplied != 0,
        Since = Since,
        Reason = Reason,
    };
}
