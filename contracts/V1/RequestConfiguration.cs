namespace Quorate.Contracts.V1;

/// <summary>An executor lacks the configuration an operation named; a scheduler answers with <see cref="ConfigurationPublished"/> to the asking incarnation's queue.</summary>
public sealed record RequestConfiguration
{
    public required string Digest { get; init; }

    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }
}
