namespace Quorate.Contracts.V1;

/// <summary>A service changed state; published from the same transaction that stored it.</summary>
public sealed record ServiceTransitioned : IEvent
{
    public required ServiceName Service { get; init; }

    public required ServiceState From { get; init; }

    public required ServiceState To { get; init; }

    public NodeName? Owner { get; init; }

    public required long Epoch { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset At { get; init; }
}
