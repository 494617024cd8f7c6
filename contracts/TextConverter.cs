using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>Writes an identifier as a JSON string, so that a program in any language can inject our messages.</summary>
public sealed class TextConverter<T> : JsonConverter<T> where T : struct, IText<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text
            ? T.FromText(text)
            : throw new JsonException($"{typeof(T).Name} must be a text of at least one character");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
