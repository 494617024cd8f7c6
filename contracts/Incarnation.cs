using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>
/// One life of a node: made anew by each guard that starts, never used twice. Lost, fenced and left are facts about a
/// (node, incarnation), never about a name alone (rule S5).
/// </summary>
/// <param name="Value">An opaque text without spaces, 32 hexadecimal digits as our guard makes it.</param>
[JsonConverter(typeof(TextConverter<Incarnation>))]
public readonly record struct Incarnation(string Value) : IText<Incarnation>
{
    /// <inheritdoc/>
    public static Incarnation FromText(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
