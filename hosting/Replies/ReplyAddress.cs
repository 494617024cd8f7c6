using System.Text;
using System.Text.Json;

namespace Quorate.Hosting.Replies;

/// <summary>Where the one who asked wants the answer.</summary>
/// <param name="Address">A queue's name, as in <c>reply_to</c>, without our prefix.</param>
/// <param name="CorrelationId">Given back in the answer as it came; null when there was none.</param>
/// <param name="ClientRequest">The request's id of a MassTransit client, which gets an envelope; null for all others, who get plain JSON.</param>
internal sealed record ReplyAddress(string Address, string? CorrelationId, Guid? ClientRequest = null)
{
    /// <summary>What AMQP allows for a queue's name and a correlation id, in bytes.</summary>
    private const int BytesMax = 255;

    /// <summary>Checks what a stranger gave.</summary>
    /// <returns>Null when no queue can have that name. A correlation id that cannot be given back is left out.</returns>
    public static ReplyAddress? Of(string? queue, string? correlationId, Guid? clientRequest = null) =>
        queue is { Length: > 0 } && Encoding.UTF8.GetByteCount(queue) <= BytesMax
            ? new ReplyAddress(queue, correlationId is not null && Encoding.UTF8.GetByteCount(correlationId) <= BytesMax ? correlationId : null, clientRequest)
            : null;

    /// <summary>
    /// The queue of a MassTransit client. Its address may ask for anything to be declared or published to; of it counts the name at its end
    /// alone, which is that of the client's exchange and of its queue.
    /// </summary>
    public static ReplyAddress? OfClient(Uri address, Guid request)
    {
        string path = address.IsAbsoluteUri ? address.AbsolutePath : address.OriginalString.Split('?')[0];
        return Of(Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]), null, request);
    }

    /// <summary>As it is stored.</summary>
    public string ToText() => JsonSerializer.Serialize(this);

    /// <summary>As it was stored.</summary>
    public static ReplyAddress Parse(string text) =>
        JsonSerializer.Deserialize<ReplyAddress>(text) ?? throw new JsonException("the stored address is null");
}
