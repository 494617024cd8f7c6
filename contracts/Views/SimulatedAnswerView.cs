namespace Quorate.Contracts.Views;

/// <summary>What an order would be answered.</summary>
public sealed record SimulatedAnswerView
{
    /// <summary><c>enable</c>, <c>disable</c> or <c>relocate</c>.</summary>
    public required string Command { get; init; }

    public required ServiceName Service { get; init; }

    public required ResultCode Result { get; init; }

    /// <summary>True when nothing would be tried.</summary>
    public required bool IsRefused { get; init; }

    /// <summary>Every reason.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
