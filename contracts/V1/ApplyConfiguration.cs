namespace Quorate.Contracts.V1;

/// <summary>
/// Put a new <c>cluster.conf</c> into force: it is checked first, kept under its digest, given to every service of the cluster, and what runs
/// follows it. Answered by <see cref="CommandAnswered"/>. Idempotent.
/// </summary>
/// <remarks>Source: rgmanager.md 2.9; ccs_sync and <c>cman_tool version -r</c> of the original.</remarks>
public sealed record ApplyConfiguration : ICommand
{
    /// <inheritdoc/>
    public required string RequestId { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The whole file; its <c>config_version</c> must be above the one in force.</summary>
    public required string Text { get; init; }
}
