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
        .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => Read(Repository.Relative(file), match)))]);

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

    private static LogMethod Read(string file, Match match)
    {
        string arguments = match.Groups["arguments"].Value;
        string text = string.Concat(Literal().Matches(TextArgument().Match(arguments).Groups["text"].Value)
            .Select(literal => Regex.Unescape(literal.Groups["content"].Value)));
        CatalogueMessage? message = MessageName().Match(arguments) is { Success: true } name
            ? Enum.Parse<CatalogueMessage>(name.Groups["name"].Value)
            : null;
        return new($"{file} {match.Groups["method"].Value}", message, Level().Match(arguments).Groups["level"].Value, text);
    }

    private static string AnyHole(string text) => Hole().Replace(text, "{}");

    private static string LevelOf(MessageSeverity severity) => severity switch
    {
        MessageSeverity.Emergency or MessageSeverity.Alert or MessageSeverity.Critical => "Critical",
        MessageSeverity.Error => "Error",
        MessageSeverity.Warning => "Warning",
        _ => "Information",
    };

    private sealed record LogMethod(string Where, CatalogueMessage? Message, string Level, string Text);

    [GeneratedRegex(@"\[LoggerMessage\((?<arguments>.*?)\)\]\s*(?:public|internal|private) (?:static )?partial void (?<method>\w+)", RegexOptions.Singleline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\(int\)\s*CatalogueMessage\.(?<name>\w+)")]
    private static partial Regex MessageName();

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
