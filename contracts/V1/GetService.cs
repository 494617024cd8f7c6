using Quorate.Contracts.Views;

namespace Quorate.Contracts.V1;

/// <summary>Asks for one service. Answered by <see cref="ServiceView"/>, or by <see cref="NotFound"/> for a name that is not configured.</summary>
public sealed record GetService : IQuery
{
    /// <summary>A name without ':' means <c>service:NAME</c>.</summary>
    public required ServiceName Service { get; init; }
}
