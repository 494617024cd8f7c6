using System.Text.Json;

namespace Quorate.Hosting.Replies;

/// <summary>Where the one who asked wants the answer.</summary>
/// <param name="Address">A queue's name, as in <c>reply_to</c>, without our prefix; or the address of a MassTransit client.</param>
/// <param name="CorrelationId">Given back in the answer as it came; null when there was none.</param>
/// <param name="ClientRequest">The request's id of a MassTransit client, which gets an envelope; null for all others, who get plain JSON.</param>
internal sealed record ReplyAddress(string Address, string? CorrelationId, Guid? ClientRequest = null)
{
    /// <summary>As it is stored.</summary>
    public string ToText() => JsonSerializer.Serialize(this);

    /// <summary>As it was stored.</summary>
    public static ReplyAddress Parse(string text) =>
        JsonSerializer.Deserialize<ReplyAddress>(text) ?? throw new JsonException("the stored address is null");
}
