using System.Text.Json;

namespace Quorate.Contracts.Views;

/// <summary>One thing that happened in the cluster, as <c>GET /api/events</c> and <c>quorate events</c> tell it.</summary>
public sealed record EventView
{
    /// <summary>Its place in the order of all events; <c>Last-Event-ID</c> and <c>?after=</c> take it. Compare it with nothing but itself.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>transition membership message operation fencing</c>; <c>gap</c> where events that were asked for are not known (any more).</summary>
    public required string Kind { get; init; }

    public ServiceName? Service { get; init; }

    public NodeName? Node { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The bus message that tells the same to programs; null for a gap.</summary>
    public JsonElement? Details { get; init; }
}
