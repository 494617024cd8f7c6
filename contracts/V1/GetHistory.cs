namespace Quorate.Contracts.V1;

/// <summary>Asks for the transitions of one service. Answered by <see cref="ServiceHistory"/>, or by <see cref="NotFound"/> for a name that is not configured.</summary>
public sealed record GetHistory : IQuery
{
    /// <summary>How many are given when nothing else is asked.</summary>
    public const int LastDefault = 100;

    /// <summary>How many are given at most.</summary>
    public const int LastMax = 1000;

    /// <summary>A name without ':' means <c>service:NAME</c>.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>How many of the newest, 1 to 1000; what is above or below is taken as the nearest of these.</summary>
    public int Last { get; init; } = LastDefault;

    /// <summary>The id of a transition: those before it are given, to go back page by page. Null begins with the newest.</summary>
    public long? Before { get; init; }
}
