namespace Quorate.Contracts.V1;

/// <summary>Enough votes are present again; published by quorum once for the generation in which it became true.</summary>
public sealed record QuorumFormed : IEvent
{
    public required long Generation { get; init; }
}
