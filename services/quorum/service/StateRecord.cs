using System.Text.Json;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>The row of <c>quorum_state</c> as Dapper reads it.</summary>
internal sealed class StateRecord
{
    public const string Columns = "era, generation, is_quorate, formed_at, sequence, is_trusted, is_maintenance, maintenance_change, membership";

    public int Era { get; set; }

    public long Generation { get; set; }

    public long IsQuorate { get; set; }

    public long FormedAt { get; set; }

    public long Sequence { get; set; }

    public long IsTrusted { get; set; }

    public long IsMaintenance { get; set; }

    public long MaintenanceChange { get; set; }

    public string? Membership { get; set; }

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
    };

    public MembershipChanged? ToMembership() =>
        Membership is null ? null : JsonSerializer.Deserialize<MembershipChanged>(Membership, JsonSerializerOptions.Web);
}
