namespace Quorate.Cli.Api;

/// <summary>The body of an acceptance.</summary>
internal sealed record ArbiterRequest
{
    /// <summary>The era of the database that went back.</summary>
    public required int Era { get; init; }

    /// <summary>Idempotence key: the same id again gets the same answer and does nothing twice.</summary>
    public required string RequestId { get; init; }
}
