using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Cli.Simulate;

/// <summary>The plan as a program or a person reads it.</summary>
internal static class SimulateOutput
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"quorate": ..., "services": [{"name", "action", "node", "scores", "reason"}]}</c>.</summary>
    public static string Json(WhatIfPlan plan)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Readable))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("quorate", plan.IsQuorate);
            writer.WriteStartArray("services");
            foreach (ServicePlan service in plan.Services)
            {
                Write(writer, service);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The same as a table.</summary>
    public static string Table(WhatIfPlan plan)
    {
        string[][] rows =
        [
            ["SERVICE", "ACTION", "NODE", "SCORES", "REASON"],
            .. plan.Services.Select(service => (string[])
                [service.Service.Value, Word(service.Action), service.Node?.Value ?? "-", Scores(service), service.Reason]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        IEnumerable<string> lines = rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return $"{(plan.IsQuorate ? "quorate" : "not quorate")}{Environment.NewLine}{string.Join(Environment.NewLine, lines)}";
    }

    private static string Scores(ServicePlan service) => string.Join(' ', service.Scores.Select(score => $"{score.Node}={Word(score.Score)}"));

    private static void Write(Utf8JsonWriter writer, ServicePlan service)
    {
        writer.WriteStartObject();
        writer.WriteString("name", service.Service.Value);
        writer.WriteString("action", Word(service.Action));
        writer.WriteString("node", service.Node?.Value);
        writer.WriteStartObject("scores");
        foreach (NodeScore score in service.Scores)
        {
            writer.WriteString(score.Node.Value, Word(score.Score));
        }

        writer.WriteEndObject();
        writer.WriteString("reason", service.Reason);
        writer.WriteEndObject();
    }

    private static string Word(PlacementAction action) => action switch
    {
        PlacementAction.Start or PlacementAction.TakeOver => "start",
        PlacementAction.Relocate => "relocate",
        PlacementAction.Stop => "stop",
        _ => "none",
    };

    private static string Word(Score score) => score switch
    {
        Score.Best => "best",
        Score.Better => "better",
        Score.Good => "good",
        _ => "illegal",
    };
}
