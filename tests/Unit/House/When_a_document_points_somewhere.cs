using System.Text.RegularExpressions;

namespace Quorate.Tests.Unit.House;

public sealed partial class When_a_document_points_somewhere
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_of_this_repository()
    {
        var dangling = Repository.Files(".md").SelectMany(file => Link().Matches(File.ReadAllText(file))
            .Select(match => match.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, target))))
            .Select(target => $"{Repository.Relative(file)}: {target}"));

        Findings.AssertNone("Correct these links.", dangling);
    }

    /// <summary>Source: docs/decisions/README.md, how decisions are numbered.</summary>
    [Fact]
    public void Decisions_are_numbered_without_gaps_and_say_their_state()
    {
        string[] decisions = [.. Repository.Files(".md").Where(file => Repository.Relative(file).StartsWith("docs/decisions/0", StringComparison.Ordinal))];

        Assert.Equal(
            Enumerable.Range(1, decisions.Length).Select(number => number.ToString("0000", System.Globalization.CultureInfo.InvariantCulture)),
            decisions.Select(file => Path.GetFileName(file)[..4]));
        Assert.All(decisions, file => Assert.Matches(@"^# \d{4}: .+\n\n(Accepted|Superseded by \d{4}), \d{4}-\d{2}\n", File.ReadAllText(file)));
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
