using System.Globalization;
using System.Text.RegularExpressions;

namespace Quorate.Tests.Unit.House;

/// <summary>docs/safety.md says which tests check each rule; a rule nobody checks, or a test that left, is a finding.</summary>
/// <remarks>Source: DESIGN 3: breaking any of the rules must turn a test red.</remarks>
public sealed partial class When_the_safety_rules_are_documented
{
    private const int RulesCount = 14;

    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "safety.md"));

    public static TheoryData<string> Rules => [.. Enumerable.Range(1, RulesCount).Select(number => "S" + number.ToString(CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_names_exactly_the_test_classes_that_are_tagged_with_it(string rule)
    {
        string[] tagged = [.. Repository.Files(".cs")
            .Where(file => Repository.Relative(file).StartsWith("tests/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains($"[Trait(\"Rule\", \"{rule}\")]", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

        string[] named = [.. TestClass().Matches(ChapterOf(rule)).Select(match => match.Value.Trim('`')).Order(StringComparer.Ordinal)];

        Assert.NotEmpty(tagged);
        Assert.Equal(tagged, named);
    }

    [Fact]
    public void Each_way_the_simulation_breaks_one_is_listed()
    {
        string mutations = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Simulation", "Mutation.cs"));
        string[] broken = [.. Member().Matches(mutations).Select(match => match.Groups["name"].Value).Where(name => name != "None")];

        Assert.NotEmpty(broken);
        Findings.AssertNone("Add these to the table of docs/safety.md.", broken.Where(name => !Document.Contains($"| `{name}` |", StringComparison.Ordinal)));
    }

    private static string ChapterOf(string rule)
    {
        int from = Document.IndexOf($"\n## {rule}: ", StringComparison.Ordinal);
        Assert.True(from >= 0, $"docs/safety.md has no chapter about {rule}");
        int to = Document.IndexOf("\n## ", from + 1, StringComparison.Ordinal);
        return Document[from..(to < 0 ? Document.Length : to)];
    }

    [GeneratedRegex(@"`(When|Whatever|A)_\w+`")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"^    (?<name>\w+),$", RegexOptions.Multiline)]
    private static partial Regex Member();
}
