using System.Text.RegularExpressions;
using Quorate.Tests.Unit.House;

namespace Quorate.Tests.Unit.Catalogue;

/// <summary>
/// The document that defines rgmanager's numbered messages. It is not part of this repository; where a checkout has it beside itself,
/// the catalogue is compared with it word by word, elsewhere our own listing in messages.txt has to do.
/// </summary>
internal static partial class OperatorsDocument
{
    /// <summary>The document's text, or null where it is not at hand.</summary>
    public static string? Text { get; } = Read();

    /// <summary>Number and wording of every message in the order of the document, wrapped lines joined.</summary>
    public static IEnumerable<(int Number, string Wording)> Headlines(string text) =>
        Headline().Matches(text).Select(match => (int.Parse(match.Groups[1].Value), OneSpace(match.Groups[2].Value)));

    /// <summary>A text as a list of lower-case words, for finding sentences that were copied.</summary>
    public static string[] Words(string text) => [.. Word().Matches(text).Select(match => match.Value.ToUpperInvariant())];

    private static string? Read()
    {
        string path = Path.Combine(Repository.Root, "..", "shared", "reference", "errors.txt");
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    // Only line ends become spaces: the two spaces inside #2 are part of its wording.
    private static string OneSpace(string wrapped) => LineEnd().Replace(wrapped.Trim(), " ");

    [GeneratedRegex(@"^#(\d+): ([^\n]*(?:\n(?!#)[^\n]+)*)", RegexOptions.Multiline)]
    private static partial Regex Headline();

    [GeneratedRegex(@"[ \r]*\n[ ]*")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"[\w']+")]
    private static partial Regex Word();
}
