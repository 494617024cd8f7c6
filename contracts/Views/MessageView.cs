namespace Quorate.Contracts.Views;

/// <summary>One occurrence of a numbered message in this cluster.</summary>
public sealed record MessageView
{
    /// <summary>Grows with every message that is kept.</summary>
    public required long Id { get; init; }

    /// <summary>The number after '#': 1 to 75, or from 1000.</summary>
    public required int Number { get; init; }

    /// <summary>The filled template, as logged.</summary>
    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Which part raised it: <c>quorum scheduler executor rmtab</c>.</summary>
    public required string Component { get; init; }

    public ServiceName? Service { get; init; }

    public NodeName? Node { get; init; }
}
