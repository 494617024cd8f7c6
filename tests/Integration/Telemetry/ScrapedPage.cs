using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Quorate.Tests.Integration.Telemetry;

/// <summary>A page of Prometheus text, read as strictly as its format is written; whatever it does not allow fails.</summary>
/// <remarks>Source: Prometheus, "Exposition formats", text-based format, version 0.0.4.</remarks>
public sealed partial class ScrapedPage
{
    private readonly Dictionary<string, string> _help = [];

    private ScrapedPage()
    {
    }

    /// <summary>The type of each metric, by name.</summary>
    public Dictionary<string, string> Types { get; } = [];

    /// <summary>Every sample, in the order of the page.</summary>
    public List<Sample> Samples { get; } = [];

    /// <summary>One line with a value.</summary>
    public sealed record Sample(string Name, ImmutableSortedDictionary<string, string> Labels, double Value);

    /// <exception cref="FormatException">It is no such page.</exception>
    public static ScrapedPage Read(string text)
    {
        ScrapedPage page = new();
        Require(text.Length == 0 || text.EndsWith('\n'), "the last line has no end");
        foreach (string line in text.Split('\n')[..^1])
        {
            page.ReadLine(line);
        }

        Require(page._help.Keys.ToHashSet().SetEquals(page.Types.Keys), "a metric has HELP or TYPE and not both");
        page.RequireWholeHistograms();
        return page;
    }

    /// <summary>The samples of one name with these labels among theirs.</summary>
    public IReadOnlyList<Sample> Of(string name, params (string Label, string Value)[] labels) =>
        [.. Samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Label) == label.Value))];

    /// <summary>The one value of that name and these labels.</summary>
    public double ValueOf(string name, params (string Label, string Value)[] labels) => Assert.Single(Of(name, labels)).Value;

    private void ReadLine(string line)
    {
        if (HelpLine().Match(line) is { Success: true } help)
        {
            Require(_help.TryAdd(help.Groups[1].Value, help.Groups[2].Value), $"a second HELP: {line}");
        }
        else if (TypeLine().Match(line) is { Success: true } type)
        {
            Require(Samples.All(sample => FamilyOf(sample.Name) != type.Groups[1].Value), $"TYPE after samples: {line}");
            Require(Types.TryAdd(type.Groups[1].Value, type.Groups[2].Value), $"a second TYPE: {line}");
        }
        else
        {
            Match sample = SampleLine().Match(line);
            Require(sample.Success, $"no line of this format: {line}");
            Sample read = new(sample.Groups[1].Value, LabelsOf(sample.Groups[2].Value, line), ValueOf(sample.Groups[3].Value));
            Require(Types.ContainsKey(FamilyOf(read.Name)), $"a sample without TYPE: {line}");
            Require(Samples.Count == 0 || FamilyOf(Samples[^1].Name) == FamilyOf(read.Name) || Samples.All(before => FamilyOf(before.Name) != FamilyOf(read.Name)), $"not with its metric: {line}");
            Require(!Samples.Any(before => before.Name == read.Name && before.Labels.SequenceEqual(read.Labels)), $"twice: {line}");
            Samples.Add(read);
        }
    }

    /// <summary>A histogram's samples have the names of three.</summary>
    private string FamilyOf(string name) =>
        new[] { "_bucket", "_sum", "_count" }.Where(ending => name.EndsWith(ending, StringComparison.Ordinal)).Select(ending => name[..^ending.Length])
            .FirstOrDefault(family => Types.GetValueOrDefault(family) == "histogram") ?? name;

    private void RequireWholeHistograms()
    {
        foreach (string name in Types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            foreach (var series in Samples.Where(sample => sample.Name == $"{name}_bucket").GroupBy(sample => string.Join(',', sample.Labels.Remove("le"))))
            {
                double[] bounds = [.. series.Select(bucket => ValueOf(bucket.Labels["le"]))];
                double[] counts = [.. series.Select(bucket => bucket.Value)];
                double count = Samples.Single(sample => sample.Name == $"{name}_count" && string.Join(',', sample.Labels) == series.Key).Value;
                Require(Samples.Any(sample => sample.Name == $"{name}_sum" && string.Join(',', sample.Labels) == series.Key), $"no sum of {name}{{{series.Key}}}");
                Require(bounds.Order().SequenceEqual(bounds) && counts.Order().SequenceEqual(counts), $"the buckets of {name}{{{series.Key}}} do not grow");
                Require(double.IsPositiveInfinity(bounds[^1]) && counts[^1] == count, $"the last bucket of {name}{{{series.Key}}} is not all");
            }
        }
    }

    private static ImmutableSortedDictionary<string, string> LabelsOf(string text, string line)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(text))
        {
            Require(labels.TryAdd(label.Groups[1].Value, Unescaped(label.Groups[2].Value)), $"a label twice: {line}");
        }

        return labels.ToImmutable();
    }

    private static string Unescaped(string text)
    {
        StringBuilder plain = new();
        for (int at = 0; at < text.Length; at++)
        {
            plain.Append(text[at] != '\\' ? text[at] : text[++at] == 'n' ? '\n' : text[at]);
        }

        return plain.ToString();
    }

    private static double ValueOf(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new FormatException(otherwise);
        }
    }

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)+)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*"(?:,(?=[a-zA-Z_]))?)*)\})? ([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|\+Inf|-Inf|NaN)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(?:,|$)""")]
    private static partial Regex Label();
}
