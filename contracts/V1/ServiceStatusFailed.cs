namespace Quorate.Contracts.V1;

/// <summary>A status check of a running service failed (after inline recovery, where configured); published by its executor, repeated every status interval while it stays so.</summary>
public sealed record ServiceStatusFailed
{
    public required ServiceName Service { get; init; }

    /// <summary>The epoch of the start that is running; a scheduler ignores any other.</summary>
    public required long Epoch { get; init; }

    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    public required string Resource { get; init; }

    public int? ExitCode { get; init; }

    public string Detail { get; init; } = "";
}
