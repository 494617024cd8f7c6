namespace Quorate.Contracts.V1;

/// <summary>The answer to a query about something that does not exist, or that cannot be answered now.</summary>
public sealed record NotFound
{
    /// <summary><c>noService</c>; <c>again</c> when the database is away: ask again.</summary>
    public required ResultCode Result { get; init; }

    /// <summary>The number of <see cref="Result"/>.</summary>
    public required int Code { get; init; }

    /// <summary>What is not there, and what to do.</summary>
    public required string Reason { get; init; }
}
