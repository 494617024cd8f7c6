using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Context;
using MassTransit.RabbitMqTransport;
using MassTransit.Serialization;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Reads a plain JSON body, as any language can publish it. Its type is that of the exchange it was published to
/// (<c>EnableService</c>), or the header <c>MT-MessageType</c>; the shape alone decides nothing, since enable and
/// disable look the same. A body of no known type goes to the error queue.
/// </summary>
internal sealed class TypedJson(string prefix) : IMessageDeserializer
{
    private const string TypeHeader = "MT-MessageType";
    private const RawSerializerOptions Reading = RawSerializerOptions.CopyHeaders;

    public static readonly ContentType JsonContentType = new("application/json");

    public ContentType ContentType => JsonContentType;

    public void Probe(ProbeContext context) => context.CreateScope("plainJson");

    public ConsumeContext Deserialize(ReceiveContext receiveContext)
    {
        string[] types = TypesOf(receiveContext);
        return types.Length == 0
            ? throw new SerializationException(
                $"plain JSON of unknown type: publish it to the exchange of its type, or set the header {TypeHeader} to urn:message:NAMESPACE:TYPE")
            : new BodyConsumeContext(
                receiveContext, Read(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress, types));
    }

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        Read(body, headers, destinationAddress, headers.Get<string>(TypeHeader) is { } types ? types.Split(';') : []);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    private static SerializerContext Read(MessageBody body, Headers headers, Uri? destination, string[] types)
    {
        try
        {
            JsonElement content = JsonSerializer.Deserialize<JsonElement>(body.GetBytes(), SystemTextJsonMessageSerializer.Options);
            return new SystemTextJsonRawSerializerContext(
                SystemTextJsonMessageSerializer.Instance, SystemTextJsonMessageSerializer.Options, JsonContentType,
                new RawMessageContext(headers, destination, Reading), types, Reading, content);
        }
        catch (JsonException failure)
        {
            throw new SerializationException($"the body is no JSON: {failure.Message}", failure);
        }
    }

    private string[] TypesOf(ReceiveContext context)
    {
        if (context.TransportHeaders.Get<string>(TypeHeader) is { Length: > 0 } named)
        {
            return named.Split(';');
        }
        string exchange = context.TryGetPayload(out RabbitMqBasicConsumeContext? delivered) ? delivered.Exchange : "";
        return exchange.StartsWith(prefix, StringComparison.Ordinal) && EntityNames.UrnOf(exchange[prefix.Length..]) is { } urn ? [urn] : [];
    }
}
