using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Quorate.Hosting.Bus;

/// <summary>Makes the reader of envelopes; they are written as MassTransit writes them.</summary>
internal sealed class CheckedEnvelopeFactory(string prefix) : ISerializerFactory
{
    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => SystemTextJsonMessageSerializer.Instance;

    public IMessageDeserializer CreateDeserializer() => new CheckedEnvelope(prefix);
}
