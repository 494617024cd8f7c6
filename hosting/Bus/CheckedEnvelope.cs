using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Refusals;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Reads MassTransit's envelope, in which our own services and MassTransit's clients send, with the same look at what is in it as
/// <see cref="TypedJson"/>, so that whoever sends an envelope gets the same refusals.
/// </summary>
internal sealed class CheckedEnvelope(string prefix) : IMessageDeserializer
{
    private static readonly SystemTextJsonMessageSerializer Inner = SystemTextJsonMessageSerializer.Instance;

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public void Probe(ProbeContext context) => Inner.Probe(context);

    public ConsumeContext Deserialize(ReceiveContext receiveContext)
    {
        try
        {
            Require(receiveContext.Body, EntityNames.OriginOf(receiveContext, prefix));
            return Inner.Deserialize(receiveContext);
        }
        catch (Exception failure) when (failure is not BodyRefusedException
            && failure is SerializationException or JsonException or FormatException or InvalidOperationException)
        {
            throw new BodyRefusedException(CatalogueMessage.MessageHeaderNotReceived, $"the envelope cannot be read: {failure.Message}");
        }
    }

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        Inner.Deserialize(body, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => Inner.GetMessageBody(text);

    /// <exception cref="BodyRefusedException">#37 without an envelope; #38 or #39 for what is in it.</exception>
    private static void Require(MessageBody body, MessageOrigin origin)
    {
        JsonElement envelope = BodyCheck.Parse(body.GetBytes());
        if (FieldOf(envelope, "messageType") is not { ValueKind: JsonValueKind.Array } named || FieldOf(envelope, "message") is not { } message)
        {
            throw new BodyRefusedException(
                CatalogueMessage.MessageHeaderNotReceived,
                "this is no envelope: it lacks messageType or message. Send plain JSON as application/json, to the exchange of its type");
        }
        string[] types = [.. named.EnumerateArray().Where(static type => type.ValueKind == JsonValueKind.String).Select(static type => type.GetString()!)];
        BodyCheck.RequireSame(origin, types);
        BodyCheck.RequireKnown(types);
        BodyCheck.RequireWhole(types, message);
    }

    /// <summary>A field in any capitals, as the transport reads it; there is one at most, since twins were refused.</summary>
    private static JsonElement? FieldOf(JsonElement envelope, string name)
    {
        foreach (JsonProperty field in envelope.EnumerateObject())
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value;
            }
        }
        return null;
    }
}
