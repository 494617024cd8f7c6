namespace Quorate.Contracts.V1;

/// <summary>An executor's answer to <see cref="OperateService"/>, published; repeated unchanged when the operation is sent again.</summary>
public sealed record OperationEnded
{
    public required ServiceName Service { get; init; }

    public required long Epoch { get; init; }

    public required int Attempt { get; init; }

    public required NodeAction Action { get; init; }

    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    public required OperationOutcome Outcome { get; init; }

    /// <summary>When it ended, by the clock that counts the sequences of this node's inventories: only a later one knows of it. Milliseconds; 0 where the node does not say.</summary>
    public long EndedAt { get; init; }

    /// <summary>True when some resource of the service runs here now, as its monitors say; null when that is not known.</summary>
    public bool? IsRunning { get; init; }

    /// <summary>The resource that failed, as <c>type:name</c>.</summary>
    public string? Resource { get; init; }

    /// <summary>
    /// The exit code of the action that failed, where it ended by itself. None for a stop that is not proven: there a stop and a monitor speak,
    /// and <see cref="Detail"/> says which said what.
    /// </summary>
    public int? ExitCode { get; init; }

    /// <summary>What happened, in words a person can act on.</summary>
    public string Detail { get; init; } = "";
}
