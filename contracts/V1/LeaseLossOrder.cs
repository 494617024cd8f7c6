namespace Quorate.Contracts.V1;

/// <summary>
/// What the arbiter wants a node to do when its lease runs out, with every answer to a heartbeat. The node obeys the newest: orders are
/// compared by <see cref="Era"/>, then <see cref="MaintenanceChange"/>, then <see cref="ConfigurationVersion"/>.
/// </summary>
public sealed record LeaseLossOrder
{
    public required OnLeaseLoss OnLeaseLoss { get; init; }

    /// <summary>The arbiter's era (rule S14).</summary>
    public required int Era { get; init; }

    /// <summary>How often maintenance was switched on or off; from 0.</summary>
    public required long MaintenanceChange { get; init; }

    /// <summary>The version of the <c>cluster.conf</c> it follows from.</summary>
    public required int ConfigurationVersion { get; init; }
}
