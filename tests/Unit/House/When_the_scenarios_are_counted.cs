using System.Globalization;
using System.Text.RegularExpressions;

namespace Quorate.Tests.Unit.House;

/// <summary>Each of the forty scenarios of the original is a test of that number. Source: rgmanager.md 10.</summary>
public sealed partial class When_the_scenarios_are_counted
{
    private const int Scenarios = 40;

    [Fact]
    public void None_is_missing()
    {
        HashSet<int> found = [.. Repository.Files(".cs").Where(file => Repository.Relative(file).StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => Number().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))];

        Assert.Empty(Enumerable.Range(1, Scenarios).Except(found));
    }

    [GeneratedRegex(@"^\s*public (?:async Task|void) Scenario_(?<number>\d\d)_\w+\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
