namespace Quorate.Contracts.V1;

/// <summary>The quorum service's answer to one <see cref="NodeHeartbeat"/>, to the sender's incarnation queue or as the HTTP response.</summary>
public sealed record HeartbeatAnswer
{
    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    /// <summary>The sequence of the heartbeat this answers. The lease counts from when that heartbeat was sent.</summary>
    public required long Sequence { get; init; }

    public required HeartbeatVerdict Verdict { get; init; }

    /// <summary>The length of a lease in milliseconds, at least 200, also for one that is only counted as present; 0 when refused.</summary>
    public required long TtlMilliseconds { get; init; }

    /// <summary>When granted, the generation in which quorum formed: a later one without quorum takes the lease back. Else the newest known.</summary>
    public required long Generation { get; init; }

    public required bool IsQuorate { get; init; }

    /// <summary>Why it was refused or only counted as present; empty when granted.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How far the arbiter had counted, for the node to remember (S14); null from an older version.</summary>
    public ArbiterPoint? Arbiter { get; init; }

    /// <summary>Which incarnation stands in the way of a refused newcomer, so that its guard can prove that one ended.</summary>
    public Incarnation? Blocking { get; init; }

    /// <summary>What the lease row says that the node does when its lease runs out, this heartbeat counted; null where nothing is stored.</summary>
    public OnLeaseLoss? StoredOnLeaseLoss { get; init; }

    /// <summary>What it is to do from now on; null leaves it as it is.</summary>
    public LeaseLossOrder? LeaseLossOrder { get; init; }
}
