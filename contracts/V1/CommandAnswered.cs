namespace Quorate.Contracts.V1;

/// <summary>The final answer to a command, published once for each request id and kept for queries.</summary>
public sealed record CommandAnswered : IEvent
{
    public required string RequestId { get; init; }

    /// <summary>The operation's id in the history.</summary>
    public required string Operation { get; init; }

    public ServiceName? Service { get; init; }

    public required ResultCode Result { get; init; }

    /// <summary>The number of <see cref="Result"/>: 0, or negative as the original had it.</summary>
    public required int Code { get; init; }

    /// <summary>True when nothing was tried, because the state of the service or of the cluster forbids it.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Where the service runs now.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Every reason, per node where nodes were tried.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}
