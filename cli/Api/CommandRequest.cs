namespace Quorate.Cli.Api;

/// <summary>The body of a command.</summary>
internal sealed record CommandRequest
{
    /// <summary>Where the service shall run; null leaves it to the cluster.</summary>
    public string? Node { get; init; }

    /// <summary>Idempotence key: the same id again gets the same answer and does nothing twice.</summary>
    public required string RequestId { get; init; }

    /// <summary>For an acknowledgement: the incarnation it is about; null means the one that is lost now.</summary>
    public string? Incarnation { get; init; }
}
