using System.Globalization;
using System.Xml.Linq;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>Reads attributes of the configuration's elements; what cannot be understood is a warning, and the default is used.</summary>
internal static class ElementReading
{
    /// <summary>The attribute's value; null where it is missing or empty.</summary>
    public static string? Text(this XElement element, string attribute) => (string?)element.Attribute(attribute) is { Length: > 0 } text ? text : null;

    /// <summary>The element as a person would point at it: its name and its own name, where it has one.</summary>
    public static string Label(this XElement element) =>
        (element.Text("name") ?? element.Text("ref")) is { } name ? $"<{element.Name.LocalName}> \"{name}\"" : $"<{element.Name.LocalName}>";

    public static bool Boolean(this XElement element, string attribute, bool ifAbsent, ProblemList problems)
    {
        if (element.Text(attribute) is not { } text)
        {
            return ifAbsent;
        }

        if (BooleanText.Parse(text) is { } value)
        {
            return value;
        }

        problems.Warning(
            ProblemCode.BadBoolean, element, $"{element.Label()}: {attribute}=\"{text}\" is neither yes nor no; {(ifAbsent ? "yes" : "no")} is assumed. Write 1 or 0.");
        return ifAbsent;
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>; null where it is missing or, with a warning, anything else.</summary>
    public static int? Number(this XElement element, string attribute, int least, string otherwise, ProblemList problems, int most = int.MaxValue)
    {
        if (element.Text(attribute) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        string range = most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}";
        problems.Warning(ProblemCode.BadNumber, element, $"{element.Label()}: {attribute}=\"{text}\" is not a whole number {range}; {otherwise}.");
        return null;
    }

    /// <summary>A length of time; null where it is missing or, with a warning, anything else.</summary>
    public static TimeSpan? Length(this XElement element, string attribute, string otherwise, ProblemList problems)
    {
        if (element.Text(attribute) is not { } text)
        {
            return null;
        }

        if (DurationText.Parse(text) is { } length)
        {
            return length;
        }

        problems.Warning(
            ProblemCode.BadNumber, element, $"{element.Label()}: {attribute}=\"{text}\" is not a length of time such as 30, 90s or 1h30m; {otherwise}.");
        return null;
    }
}
