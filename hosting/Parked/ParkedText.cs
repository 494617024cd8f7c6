using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quorate.Contracts.Catalogue;

namespace Quorate.Hosting.Parked;

/// <summary>What is read out of a parked message for people: pure, and bounded whatever the message holds.</summary>
internal static class ParkedText
{
    public const int ExcerptMax = 200;
    public const int BodyMax = 16_000;
    public const int ReasonMax = 500;
    private const int IdBytes = 6;

    /// <summary>Twelve digits of what names a message in one place.</summary>
    public static string IdOf(string place, string identity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{place}\n{identity}"))[..IdBytes]);

    /// <summary>At most so many characters, on one line and with <c>?</c> for what a terminal must not get.</summary>
    public static string Plain(string text, int most)
    {
        StringBuilder plain = new(Math.Min(text.Length, most) + 3);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (plain.Length + rune.Utf16SequenceLength > most)
            {
                return plain.Append("...").ToString();
            }
            plain.Append(Rune.IsWhiteSpace(rune) ? " " : Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }
        return plain.ToString();
    }

    /// <summary>
    /// The catalogue's number for a reason: the one the text begins with (<c>#33: ...</c>), or #38 for a body that could not be read. Null
    /// when the catalogue has none.
    /// </summary>
    public static int? NumberOf(string failure, string text)
    {
        if (text.StartsWith('#') && text.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon
            && int.TryParse(text.AsSpan(1, colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && !MessageCatalogue.Find(number).IsEmpty)
        {
            return number;
        }
        bool isUnreadable = failure.EndsWith("SerializationException", StringComparison.Ordinal) || failure.EndsWith("JsonException", StringComparison.Ordinal);
        return isUnreadable ? UnreadableNumber : null;
    }

    /// <summary>The type's short name of <c>urn:message:Quorate.Contracts.V1:EnableService</c>, of several the first.</summary>
    public static string TypeOf(string? urn) =>
        urn?.Split(';')[0].Split(':', '.', '+', '/')[^1] is { Length: > 0 } name ? name : "unknown";

    /// <summary>What was sent: of an envelope its message and type, of anything else the whole body.</summary>
    public static (string Message, string? Type, string? Id) Unwrap(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("messageType", out JsonElement types)
                && types.ValueKind == JsonValueKind.Array && types.GetArrayLength() > 0 && root.TryGetProperty("message", out JsonElement message))
            {
                string? id = root.TryGetProperty("messageId", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
                return (message.GetRawText(), types[0].ToString(), id);
            }
        }
        catch (JsonException)
        {
            // No envelope, perhaps no JSON at all: that may be why it is parked.
        }
        return (text, null, null);
    }

    private const int UnreadableNumber = 38;
}
