using System.Globalization;
using System.Text.RegularExpressions;
using Quorate.Contracts.Catalogue;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// A log method repeats the wording of its message, since an attribute takes only constants. This holds both together: wording,
/// level, name and id of every <c>[LoggerMessage]</c> in the sources.
/// </summary>
public sealed partial class When_a_catalogue_message_is_logged
{
    private static readonly Lazy<IReadOnlyList<LogMethod>> Methods = new(() => [.. Repository.Files(".cs")
        .Where(file => !Repository.Relative(file).StartsWith("tests/", StringComparison.Ordinal))
        .Select(file => (Name: Repository.Relative(file), Content: File.ReadAllText(file)))
        .SelectMany(file => Declaration().Matches(file.Content).Select(match => Read(file.Name, file.Content, match)))]);

    [Fact]
    public void It_begins_with_the_wording_of_the_catalogue_and_may_say_more()
    {
        var different = Methods.Value.Where(method => method.Message is not null)
            .Select(method => (method, definition: MessageCatalogue.Of(method.Message!.Value)))
            .Where(pair => !AnyHole(pair.method.Text).StartsWith(AnyHole(pair.definition.LogTemplate), StringComparison.Ordinal))
            .Select(pair => $"{pair.method.Where}: \"{pair.method.Text}\", the catalogue has \"{pair.definition.LogTemplate}\"");

        Findings.AssertNone("Log these with the wording that operators know.", different);
    }

    [Fact]
    public void The_level_fits_the_severity()
    {
        var different = Methods.Value.Where(method => method.Message is not null)
            .Select(method => (method, expected: LevelOf(MessageCatalogue.Of(method.Message!.Value).Severity)))
            .Where(pair => pair.method.Level != pair.expected)
            .Select(pair => $"{pair.method.Where}: {pair.method.Level}, the catalogue says {pair.expected}");

        Findings.AssertNone("Log these at the level of their severity.", different);
    }

    [Fact]
    public void A_text_with_a_number_takes_its_id_from_the_catalogue()
    {
        Findings.AssertNone(
            "Write EventId = (int)CatalogueMessage.NAME.",
            Methods.Value.Where(method => method.Message is null && NumberedText().IsMatch(method.Text)).Select(method => method.Where));
    }

    /// <summary>An operator filters by the number; the catalogue's own may be logged by several projects, and in one of them by one method.</summary>
    [Fact]
    public void No_project_gives_two_of_its_methods_one_id()
    {
        Findings.AssertNone(
            "Give each of these methods an id of its own.",
            Methods.Value.GroupBy(method => (method.Project, method.Id)).Where(same => same.Count() > 1)
                .Select(same => $"{same.Key.Id}: {string.Join(", ", same.Select(method => method.Where))}"));
    }

    /// <summary>Without an id of its own, an event would be found by no number.</summary>
    [Fact]
    public void Every_method_says_its_id()
    {
        Findings.AssertNone("Give these methods an EventId.", Methods.Value.Where(method => method.Id == 0).Select(method => method.Where));
    }

    [Fact]
    public void A_number_above_1000_that_is_not_in_the_catalogue_belongs_to_one_project()
    {
        Findings.AssertNone(
            "Take these ids from the range of the project (CONTRIBUTING.md, Style).",
            Methods.Value.Where(method => method.Message is null).GroupBy(method => method.Id)
                .Where(same => same.Select(method => method.Project).Distinct().Count() > 1)
                .Select(same => $"{same.Key}: {string.Join(", ", same.Select(method => method.Where))}"));
    }

    private static LogMethod Read(string file, string content, Match match)
    {
        string arguments = match.Groups["arguments"].Value;
        string text = string.Concat(Literal().Matches(TextArgument().Match(arguments).Groups["text"].Value)
            .Select(literal => Regex.Unescape(literal.Groups["content"].Value)));
        CatalogueMessage? message = MessageName().Match(arguments) is { Success: true } name
            ? Enum.Parse<CatalogueMessage>(name.Groups["name"].Value)
            : null;
        return new(
            $"{file} {match.Groups["method"].Value}", ProjectOf(file), message is { } known ? (int)known : IdIn(arguments, content), message,
            Level().Match(arguments).Groups["level"].Value, text);
    }

    /// <summary>The folder of the project: <c>hosting</c>, <c>services/scheduler/service</c>.</summary>
    private static string ProjectOf(string file)
    {
        string folder = Path.GetDirectoryName(file) ?? "";
        while (folder.Length > 0 && Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj").Length == 0)
        {
            folder = Path.GetDirectoryName(folder) ?? "";
        }

        return folder;
    }

    /// <summary>The id as it is written, or the constant of the same file that it names; 0 when there is none.</summary>
    private static int IdIn(string arguments, string content)
    {
        string written = EventId().Match(arguments).Groups["id"].Value;
        return int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : Regex.Match(content, $@"const int {Regex.Escape(written)} = (?<id>\d+);") is { Success: true } constant && written.Length > 0
                ? int.Parse(constant.Groups["id"].Value, CultureInfo.InvariantCulture)
                : 0;
    }

    private static string AnyHole(string text) => Hole().Replace(text, "{}");

    private static string LevelOf(MessageSeverity severity) => severity switch
    {
        MessageSeverity.Emergency or MessageSeverity.Alert or MessageSeverity.Critical => "Critical",
        MessageSeverity.Error => "Error",
        MessageSeverity.Warning => "Warning",
        _ => "Information",
    };

    private sealed record LogMethod(string Where, string Project, int Id, CatalogueMessage? Message, string Level, string Text);

    [GeneratedRegex(@"\[LoggerMessage\((?<arguments>.*?)\)\]\s*(?:public|internal|private) (?:static )?partial void (?<method>\w+)", RegexOptions.Singleline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\(int\)\s*CatalogueMessage\.(?<name>\w+)")]
    private static partial Regex MessageName();

    [GeneratedRegex(@"EventId\s*=\s*(?<id>\w+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"LogLevel\.(?<level>\w+)")]
    private static partial Regex Level();

    [GeneratedRegex(@"Message\s*=\s*(?<text>(?:""(?:[^""\\]|\\.)*""[\s+]*)+)", RegexOptions.Singleline)]
    private static partial Regex TextArgument();

    [GeneratedRegex(@"""(?<content>(?:[^""\\]|\\.)*)""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^#\d+:")]
    private static partial Regex NumberedText();
}
