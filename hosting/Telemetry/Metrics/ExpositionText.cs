using System.Globalization;
using System.Text;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>How metrics are written for Prometheus.</summary>
/// <remarks>Source: Prometheus, "Exposition formats", text-based format, version 0.0.4.</remarks>
internal static class ExpositionText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The labels of one measurement, those that have no value left out, which means the same as an empty one.</summary>
    public static string Labels(MetricDefinition metric, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder labels = new();
        foreach (string label in metric.Labels)
        {
            foreach ((string name, object? value) in tags)
            {
                if (name == label && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text)
                {
                    labels.Append(labels.Length == 0 ? "" : ",").Append(label).Append("=\"").Append(Escaped(text).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
                }
            }
        }
        return labels.ToString();
    }

    /// <summary>One metric: what it is, its type, and its series.</summary>
    public static void Write(StringBuilder page, MetricDefinition metric, IEnumerable<Series> series)
    {
        string name = metric.PrometheusName;
        page.Append("# HELP ").Append(name).Append(' ').Append(Escaped(metric.Help)).Append('\n');
        page.Append("# TYPE ").Append(name).Append(' ').Append(metric.Kind.ToString().ToLowerInvariant()).Append('\n');
        foreach (Series one in series)
        {
            if (metric.Kind != MetricKind.Histogram)
            {
                Write(page, name, one.Labels, one.Value);
                continue;
            }
            for (int bucket = 0; bucket < metric.Bounds.Length; bucket++)
            {
                Write(page, $"{name}_bucket", With(one.Labels, Number(metric.Bounds[bucket])), one.Below[bucket]);
            }
            Write(page, $"{name}_bucket", With(one.Labels, "+Inf"), one.Count);
            Write(page, $"{name}_sum", one.Labels, one.Value);
            Write(page, $"{name}_count", one.Labels, one.Count);
        }
    }

    private static void Write(StringBuilder page, string name, string labels, double value)
    {
        page.Append(name);
        if (labels.Length > 0)
        {
            page.Append('{').Append(labels).Append('}');
        }
        page.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string With(string labels, string bound) => $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"";

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
