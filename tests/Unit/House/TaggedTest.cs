using System.Globalization;
using System.Text.RegularExpressions;

namespace Quorate.Tests.Unit.House;

/// <summary>A test, or a whole class of them, that is tagged with the number of a message; read from the source, so that all test projects count.</summary>
/// <param name="File">Its file, from the root.</param>
/// <param name="Line">The line of the tag, from 1.</param>
/// <param name="Number">What the tag names.</param>
/// <param name="Text">The test itself: attributes, head and body; of a tagged class the whole file. Without tags and comments.</param>
/// <param name="FileText">The whole file without tags and comments: its helpers may do what the test says.</param>
internal sealed partial record TaggedTest(string File, int Line, int Number, string Text, string FileText)
{
    /// <summary>Where an operator of the tests looks.</summary>
    public string Where => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line} [{Number}]");

    /// <summary>Every tagged test of a file.</summary>
    public static IEnumerable<TaggedTest> In(string file, string content)
    {
        string[] lines = content.Split('\n');
        string whole = Plain(lines);
        for (int index = 0; index < lines.Length; index++)
        {
            foreach (Match tag in Tag().Matches(lines[index]))
            {
                bool isOfClass = !lines[index].StartsWith(' ');
                yield return new(file, index + 1, int.Parse(tag.Groups["number"].Value, CultureInfo.InvariantCulture), isOfClass ? whole : Plain(MethodAround(lines, index)), whole);
            }
        }
    }

    /// <summary>From the first attribute to the end of the body: methods stand four blanks in, and an empty line is between them.</summary>
    private static string[] MethodAround(string[] lines, int tag)
    {
        int first = tag;
        while (first > 0 && lines[first - 1].TrimStart() is { Length: > 0 } before && before is not ("{" or "}"))
        {
            first--;
        }

        bool hasBody = false;
        int last = tag;
        while (last < lines.Length - 1 && !(hasBody ? lines[last] == "    }" : lines[last].EndsWith(';')))
        {
            last++;
            hasBody |= lines[last] == "    {";
        }

        return lines[first..(last + 1)];
    }

    private static string Plain(IEnumerable<string> lines) =>
        string.Join('\n', lines.Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).Select(line => Tag().Replace(line, "")));

    [GeneratedRegex("""Trait\("Message", "(?<number>\d+)"\)""")]
    private static partial Regex Tag();
}
