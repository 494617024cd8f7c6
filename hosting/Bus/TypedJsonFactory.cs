using System.Net.Mime;
using MassTransit;

namespace Quorate.Hosting.Bus;

/// <summary>Makes the deserializer of plain JSON; nothing of ours is ever sent that way.</summary>
internal sealed class TypedJsonFactory(string prefix) : ISerializerFactory
{
    public ContentType ContentType => TypedJson.JsonContentType;

    public IMessageSerializer CreateSerializer() => throw new NotSupportedException("plain JSON is read, never written");

    public IMessageDeserializer CreateDeserializer() => new TypedJson(prefix);
}
