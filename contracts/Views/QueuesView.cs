namespace Quorate.Contracts.Views;

/// <summary>Where messages wait, and what is parked.</summary>
public sealed record QueuesView
{
    /// <summary>Why the queues of the bus cannot be looked at; empty when they can.</summary>
    public string Unavailable { get; init; } = "";

    public required IReadOnlyList<QueueView> Queues { get; init; }

    /// <summary>The parked messages, queue by queue, oldest first; at most 100 of each place, see <see cref="QueueView.Parked"/>.</summary>
    public required IReadOnlyList<ParkedMessageView> Parked { get; init; }
}
