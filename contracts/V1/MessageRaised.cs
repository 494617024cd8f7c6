namespace Quorate.Contracts.V1;

/// <summary>A numbered message (contracts/Catalogue) was raised somewhere in the cluster.</summary>
public sealed record MessageRaised : IEvent
{
    public required int Number { get; init; }

    /// <summary>The filled template, as logged.</summary>
    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The component that raised it: <c>quorum scheduler executor rmtab cli</c>.</summary>
    public required string Component { get; init; }

    public ServiceName? Service { get; init; }

    public NodeName? Node { get; init; }
}
