namespace Quorate.Contracts.Views;

/// <summary>What became of an order about parked messages.</summary>
public sealed record ParkedActionView
{
    /// <summary>The messages that were put back, or removed.</summary>
    public required IReadOnlyList<ParkedMessageView> Done { get; init; }

    /// <summary>Why others were not, in sentences; empty when all went well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
