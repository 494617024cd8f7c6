using System.Collections.Immutable;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>The row of <c>quorum_state</c> as Dapper reads it.</summary>
internal sealed class StateRecord
{
    public const string Columns = "era, generation, is_quorate, formed_at, sequence, is_trusted, is_maintenance, maintenance_change, is_locked, drained, membership";

    public int Era { get; set; }

    public long Generation { get; set; }

    public long IsQuorate { get; set; }

    public long FormedAt { get; set; }

    public long Sequence { get; set; }

    public long IsTrusted { get; set; }

    public long IsMaintenance { get; set; }

    public long MaintenanceChange { get; set; }

    public long IsLocked { get; set; }

    public string Drained { get; set; } = "[]";

    public string? Membership { get; set; }

    /// <summary>Names as the column holds them.</summary>
    public static string TextOf(ImmutableArray<NodeName> nodes) => JsonSerializer.Serialize(nodes.Select(node => node.Value));

    public ArbiterState ToState() => new()
    {
        Era = Era,
        Generation = Generation,
        IsQuorate = IsQuorate != 0,
        FormedAt = FormedAt,
        Sequence = Sequence,
        IsTrusted = IsTrusted != 0,
        IsMaintenance = IsMaintenance != 0,
        MaintenanceChange = MaintenanceChange,
        IsLocked = IsLocked != 0,
        Drained = [.. (JsonSerializer.Deserialize<string[]>(Drained) ?? []).Select(name => new NodeName(name))],
    };

    public MembershipChanged? ToMembership() =>
        Membership is null ? null : JsonSerializer.Deserialize<MembershipChanged>(Membership, JsonSerializerOptions.Web);
}
