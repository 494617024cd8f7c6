namespace Quorate.Contracts.V1;

/// <summary>
/// An operator takes a database that went back for the truth: a new era begins (rule S14). Bound to the era that is not trusted: a late copy
/// finds a newer one and changes nothing. Answered by <see cref="CommandAnswered"/>.
/// </summary>
public sealed record AcceptArbiter : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The era of the database that went back, as <c>quorate arbiter status</c> shows it.</summary>
    public required int Era { get; init; }
}
