using System.Net.Mime;
using System.Text.Json;
using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;
using Quorate.Hosting.Refusals;

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

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(
        receiveContext, Read(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress, TypesOf(receiveContext)));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        Read(body, headers, destinationAddress, headers.Get<string>(TypeHeader) is { } types ? types.Split(';') : []);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    private static SystemTextJsonRawSerializerContext Read(MessageBody body, Headers headers, Uri? destination, string[] types)
    {
        JsonElement content = BodyCheck.Parse(body.GetBytes());
        BodyCheck.RequireKnown(types);
        BodyCheck.RequireWhole(types, content);
        return new SystemTextJsonRawSerializerContext(
            SystemTextJsonMessageSerializer.Instance, SystemTextJsonMessageSerializer.Options, JsonContentType,
            new RawMessageContext(headers, destination, Reading), types, Reading, content);
    }

    private string[] TypesOf(ReceiveContext context)
    {
        MessageOrigin origin = EntityNames.OriginOf(context, prefix);
        if (context.TransportHeaders.Get<string>(TypeHeader) is not { Length: > 0 } named)
        {
            return origin.Urn is null ? [] : [origin.Urn];
        }
        string[] types = named.Split(';');
        BodyCheck.RequireSame(origin, types);
        return types;
    }
}
