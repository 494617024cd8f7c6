using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Quorum.Core;

/// <summary>The one row that says where the cluster stands.</summary>
public sealed record ArbiterState
{
    /// <summary>Grows each time an operator accepts an arbiter that went back (rule S14); from 1.</summary>
    public required int Era { get; init; }

    /// <summary>The newest membership generation; 0 before the first.</summary>
    public required long Generation { get; init; }

    /// <summary>Permission is given only while this is true.</summary>
    public required bool IsQuorate { get; init; }

    /// <summary>The generation in which quorum last formed; 0 before the first. Names the formation that a lease belongs to (rule S1).</summary>
    public required long FormedAt { get; init; }

    /// <summary>Grows with every beat of every replica; if it goes back the database forgot (rule S14).</summary>
    public required long Sequence { get; init; }

    /// <summary>False from the moment the database was seen to have gone back until an operator accepts it (rule S14).</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>True while an operator works on the cluster: no node stops for want of a lease, and none is called lost.</summary>
    public bool IsMaintenance { get; init; }

    /// <summary>How often maintenance was switched on or off; from 0.</summary>
    public long MaintenanceChange { get; init; }

    /// <summary>True while an operator keeps the cluster from starting anything; ends when quorum forms.</summary>
    public bool IsLocked { get; init; }

    /// <summary>The nodes an operator has taken out of use, by name.</summary>
    public ImmutableArray<NodeName> Drained { get; init; } = [];

    /// <summary>True while leases may be given at all.</summary>
    public bool MayGrant => IsQuorate && IsTrusted;

    /// <summary>A cluster that never was.</summary>
    public static ArbiterState New { get; } = new() { Era = 1, Generation = 0, IsQuorate = false, FormedAt = 0, Sequence = 0, IsTrusted = true };
}
