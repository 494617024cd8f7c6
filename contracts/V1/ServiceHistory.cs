using Quorate.Contracts.Views;

namespace Quorate.Contracts.V1;

/// <summary>The answer to <see cref="GetHistory"/>.</summary>
public sealed record ServiceHistory
{
    public required ServiceName Service { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<TransitionView> Transitions { get; init; }
}
