using System.Text.RegularExpressions;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Tests.Unit.House;

/// <summary>Source: issue 5, deliverable 7: docs/observability.md names every metric and no other, with what to alert on.</summary>
public sealed partial class When_the_metrics_are_documented
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "observability.md")).ReplaceLineEndings("\n");

    private static readonly Dictionary<string, (string Labels, string Unit)> Documented = Row().Matches(Document)
        .ToDictionary(row => row.Groups[1].Value, row => (row.Groups[2].Value.Trim(), row.Groups[3].Value.Trim()));

    [Fact]
    public void The_document_has_the_metrics_there_are() => Assert.Equal(MetricCatalogue.All.Select(metric => metric.PrometheusName).Order(StringComparer.Ordinal), Documented.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Labels_and_units_are_those_of_the_metric() => Assert.All(MetricCatalogue.All, metric =>
    {
        (string labels, string unit) = Documented[metric.PrometheusName];

        Assert.Equal(string.Join(' ', metric.Labels.Select(label => $"`{label}`")), labels);
        Assert.Equal(metric.Unit switch { "s" => "seconds", "" => "0 or 1", _ => $"{metric.Unit.Trim('{', '}')}s" }, unit);
    });

    [Fact]
    public void Every_metric_has_an_alert() => Assert.All(MetricCatalogue.All, metric =>
        Assert.Contains(Expressions(), expression => Name().Matches(expression).Any(name => FamilyOf(name.Value) == metric.PrometheusName)));

    [Fact]
    public void An_alert_names_only_metrics_and_labels_that_there_are() => Assert.All(Expressions(), expression =>
    {
        string[] families = [.. Name().Matches(expression).Select(name => FamilyOf(name.Value)).Distinct()];

        Assert.NotEmpty(families);
        string[] labels = [.. families.SelectMany(family => MetricCatalogue.All.Single(metric => metric.PrometheusName == family).Labels), "le"];
        Assert.All(UsedLabel().Matches(expression).SelectMany(used => used.Groups.Values.Skip(1)).SelectMany(group => group.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), label => Assert.Contains(label, labels));
    });

    [Fact]
    public void All_metrics_of_the_code_are_in_the_catalogue_once() => Assert.Equal(
        typeof(MetricCatalogue).GetFields().Select(field => field.GetValue(null)).OfType<MetricDefinition>().OrderBy(metric => metric.Name, StringComparer.Ordinal),
        MetricCatalogue.All.OrderBy(metric => metric.Name, StringComparer.Ordinal));

    private static IEnumerable<string> Expressions() => Expression().Matches(Document).Select(match => match.Groups[1].Value);

    /// <summary>A histogram's samples have the names of three.</summary>
    private static string FamilyOf(string name) =>
        new[] { "_bucket", "_sum", "_count" }.Where(ending => name.EndsWith(ending, StringComparison.Ordinal)).Select(ending => name[..^ending.Length]).FirstOrDefault() ?? name;

    [GeneratedRegex(@"^\| `(quorate_[a-z_]+)` \|([^|]*)\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\s+expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex("quorate_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("""by \(([^)]*)\)|([a-z]+)=~?"[^"]*"(?=[,}])""")]
    private static partial Regex UsedLabel();
}
