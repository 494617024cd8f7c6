using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Quorate.Contracts.Catalogue;

/// <summary>Writes a message as an operator sees it.</summary>
public static class MessageText
{
    /// <summary>A value longer than this, in characters, is cut and ends in '…': no agent's output may flood a log or the bus.</summary>
    public const int ValueLengthMax = 1000;

    /// <summary>The whole line, number first: <c>#33: Unable to obtain cluster lock: connection lost</c>.</summary>
    /// <param name="definition">The message.</param>
    /// <param name="values">One value for each of <see cref="MessageDefinition.Holes"/>, in that order; null is written as <c>none</c>.</param>
    /// <returns>One line: line breaks and control characters in values become spaces.</returns>
    /// <exception cref="ArgumentException">The number of values is not the number of holes.</exception>
    public static string Format(MessageDefinition definition, params ReadOnlySpan<object?> values)
    {
        var texts = ImmutableArray.CreateBuilder<string>(values.Length);
        foreach (object? value in values)
        {
            texts.Add(OnOneLine(Convert.ToString(value, CultureInfo.InvariantCulture)));
        }

        return $"#{definition.Number}: {MessageTemplate.Fill(definition.Template, texts.MoveToImmutable())}";
    }

    /// <summary>As <see cref="Format(MessageDefinition, ReadOnlySpan{object?})"/>, by name.</summary>
    public static string Format(CatalogueMessage message, params ReadOnlySpan<object?> values) =>
        Format(MessageCatalogue.Of(message), values);

    private static string OnOneLine(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "none";
        }

        var line = new StringBuilder(Math.Min(value.Length, ValueLengthMax) + 1);
        foreach (char character in value.AsSpan(0, Math.Min(value.Length, ValueLengthMax)))
        {
            line.Append(char.IsControl(character) ? ' ' : character);
        }

        return value.Length > ValueLengthMax ? line.Append('…').ToString() : line.ToString();
    }
}
