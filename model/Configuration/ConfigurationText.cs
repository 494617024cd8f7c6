using System.Text;

namespace Quorate.Model.Configuration;

/// <summary>Turns the bytes of a <c>cluster.conf</c> into text: UTF-8 unless a byte order mark or the XML declaration says otherwise.</summary>
/// <remarks>Source: XML 1.0, 4.3.3 and appendix F.</remarks>
public static class ConfigurationText
{
    private const int DeclarationBytesMax = 256;
    private const byte LineFeed = (byte)'\n';

    /// <summary>Decodes a whole file.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="text">The text without a byte order mark; empty when there is a problem.</param>
    /// <returns>Null, or what is wrong: an encoding nobody knows, or bytes that are not of the encoding.</returns>
    public static ConfigProblem? Decode(byte[] bytes, out string text)
    {
        text = "";
        if (EncodingOf(bytes, out int skip, out string name) is not { } encoding)
        {
            return Problem(1, $"the encoding \"{name}\" is not known; save the file as UTF-8");
        }

        try
        {
            text = encoding.GetString(bytes, skip, bytes.Length - skip);
            return null;
        }
        catch (DecoderFallbackException exception)
        {
            int position = Math.Clamp(exception.Index + skip, 0, bytes.Length);
            return Problem(1 + bytes.AsSpan(0, position).Count(LineFeed), $"there are bytes that are not {encoding.WebName}, nothing was read; save the file as UTF-8");
        }
    }

    private static ConfigProblem Problem(int line, string text) => new(ConfigSeverity.Error, ProblemCode.NotWellFormed, line, text);

    private static Encoding? EncodingOf(byte[] bytes, out int skip, out string name)
    {
        Encoding utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        Encoding[] marked =
        [
            utf8,
            new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        ];
        foreach (Encoding candidate in marked)
        {
            if (bytes.AsSpan().StartsWith(candidate.Preamble))
            {
                skip = candidate.Preamble.Length;
                name = candidate.WebName;
                return candidate;
            }
        }

        skip = 0;
        name = DeclaredEncoding(bytes) ?? "utf-8";
        return name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? utf8 : Named(name);
    }

    private static Encoding? Named(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What <c>encoding="..."</c> in the XML declaration says; null without one.</summary>
    private static string? DeclaredEncoding(byte[] bytes)
    {
        string start = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, DeclarationBytesMax));
        int end = start.IndexOf("?>", StringComparison.Ordinal);
        int at = start.IndexOf("encoding", StringComparison.Ordinal);
        if (!start.StartsWith("<?xml", StringComparison.Ordinal) || at < 0 || at > end)
        {
            return null;
        }

        return start[at..end].Split('"', '\'') is [_, var name, ..] ? name : null;
    }
}
