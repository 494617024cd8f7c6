using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quorate.Executor.Core.Guarding;

/// <summary>The protocol's lines: one JSON object each, UTF-8, ended by a line feed.</summary>
public static class GuardLine
{
    /// <summary>The version both sides must speak.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>The longest line without its line feed; a reader ends the stream at a longer one. Room for a service of some thousand resources.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The line of a request, with its line feed.</summary>
    /// <exception cref="InvalidOperationException">It would be longer than <see cref="BytesMax"/>.</exception>
    public static byte[] Write(GuardRequest request) => WriteLine(request, GuardJson.Default.GuardRequest);

    /// <summary>The line of a report, with its line feed.</summary>
    /// <exception cref="InvalidOperationException">It would be longer than <see cref="BytesMax"/>.</exception>
    public static byte[] Write(GuardReport report) => WriteLine(report, GuardJson.Default.GuardReport);

    /// <summary>Reads a request; null, with the reason, where the line is not one.</summary>
    public static GuardRequest? ReadRequest(ReadOnlySpan<byte> line, out string problem) =>
        ReadLine(line, GuardJson.Default.GuardRequest, out problem);

    /// <summary>Reads a report; null, with the reason, where the line is not one.</summary>
    public static GuardReport? ReadReport(ReadOnlySpan<byte> line, out string problem) =>
        ReadLine(line, GuardJson.Default.GuardReport, out problem);

    /// <summary>The id of a line that could not be read as a request, so that its refusal finds its caller; 0 where there is none.</summary>
    public static long IdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            while (reader.Read())
            {
                bool isId = reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("id"u8);
                if (isId && reader.Read() && reader.TokenType == JsonTokenType.Number)
                {
                    return reader.TryGetInt64(out long id) ? id : 0;
                }
            }
        }
        catch (JsonException)
        {
            // Broken before its id.
        }

        return 0;
    }

    private static byte[] WriteLine<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(value, type);
        if (text.Length > BytesMax)
        {
            throw new InvalidOperationException($"a line of {text.Length} bytes is longer than the guard's {BytesMax}: the service has too many resources");
        }

        return [.. text, (byte)'\n'];
    }

    private static T? ReadLine<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type, out string problem) where T : class
    {
        problem = "";
        try
        {
            T? value = JsonSerializer.Deserialize(line, type);
            problem = value is null ? "null is not a message" : "";
            return value;
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            problem = failure.Message;
            return null;
        }
    }
}
