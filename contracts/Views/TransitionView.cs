namespace Quorate.Contracts.Views;

/// <summary>One line of a service's history: who, when, from, to, why, which epoch.</summary>
public sealed record TransitionView
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ServiceState From { get; init; }

    public required ServiceState To { get; init; }

    public NodeName? Owner { get; init; }

    public required long Epoch { get; init; }

    public required string Reason { get; init; }

    /// <summary>Who asked: a request id, or the event that led to it.</summary>
    public required string Cause { get; init; }
}
