using System.Collections.Immutable;
using System.Globalization;
using Quorate.Cli.Status;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quorate.Cli.Demo.Live;

/// <summary>Draws the cluster, what happened last, and the keys.</summary>
internal static class Screen
{
    /// <summary>Lines that are neither events nor rows of a table: headings, frames, keys.</summary>
    private const int OtherLines = 18;

    private const int EventLinesMin = 3;

    /// <summary>What is written before an event, and what breaking a line between words may waste.</summary>
    private const int EventColumns = 24;

    /// <summary>The newest events that fit below so many rows, oldest first.</summary>
    public static IReadOnlyList<DemoEvent> Fitting(IReadOnlyList<DemoEvent> events, int width, int height, int rows)
    {
        int room = Math.Max(EventLinesMin, height - OtherLines - rows);
        int first = events.Count;
        while (first > 0 && (room -= 1 + ((events[first - 1].Text.Length + EventColumns) / Math.Max(width, EventColumns))) >= 0)
        {
            first--;
        }

        return [.. events.Skip(first)];
    }

    /// <summary>One picture.</summary>
    /// <param name="cluster">Null before the first answer.</param>
    /// <param name="nodes">Name, and whether it has power.</param>
    /// <param name="events">The newest, oldest first.</param>
    /// <param name="keyboard">What is selected.</param>
    /// <param name="footer">A last line.</param>
    public static IRenderable Draw(
        ClusterView? cluster, ImmutableArray<(NodeName Name, bool HasPower)> nodes, IReadOnlyList<DemoEvent> events, Keyboard keyboard, string footer)
    {
        List<IRenderable> parts =
        [
            new Text(cluster is null ? "The cluster is starting..." : StatusTable.Headline(cluster), new Style(decoration: Decoration.Bold)),
        ];
        if (cluster is not null)
        {
            parts.Add(Nodes(cluster, nodes));
            parts.Add(Services(cluster, keyboard));
        }

        parts.Add(new Rule("what happens, and why") { Justification = Justify.Left });
        foreach (DemoEvent told in events)
        {
            string time = told.At.ToLocalTime().ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);
            parts.Add(new Text($"{time}  {told.Text}"));
        }

        parts.Add(new Rule(keyboard.Prefix is { } prefix ? $"{prefix}: which node, 1 to {nodes.Length}?" : "keys") { Justification = Justify.Left });
        parts.Add(new Text(Keyboard.Keys));
        parts.Add(new Text(footer, new Style(Color.Grey)));
        return new Rows(parts);
    }

    private static Table Nodes(ClusterView cluster, ImmutableArray<(NodeName Name, bool HasPower)> nodes)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumns("Node", "Power", "State", "Since", "Runs");
        foreach (NodeView node in cluster.Nodes)
        {
            bool hasPower = nodes.Any(candidate => candidate.Name == node.Name && candidate.HasPower);
            string runs = string.Join(' ', cluster.Services.Where(service => service.Owner == node.Name).Select(service => Narration.Short(service.Name)));
            table.AddRow(
                new Text(node.Name.Value),
                new Text(hasPower ? "on" : "off", hasPower ? Color.Green : Color.Red),
                new Text(node.State.ToString().ToLowerInvariant(), node.State == NodeState.Online ? Color.Green : Color.Red),
                new Text(Time(node.Since)),
                new Text(runs));
        }

        return table;
    }

    private static Table Services(ClusterView cluster, Keyboard keyboard)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumns("", "Service", "State", "Owner", "Since", "Why");
        for (int index = 0; index < cluster.Services.Count; index++)
        {
            ServiceView service = cluster.Services[index];
            table.AddRow(
                new Text(index == keyboard.Selected ? ">" : " "),
                new Text(Narration.Short(service.Name), index == keyboard.Selected ? new Style(decoration: Decoration.Bold) : Style.Plain),
                new Text(service.State.ToString().ToLowerInvariant(), StatusTable.ColorOf(service.State)),
                new Text(StatusTable.OwnerOrLast(service)),
                new Text(Time(service.Since)),
                new Text(service.Reason) { Overflow = Overflow.Ellipsis });
        }

        return table;
    }

    private static string Time(DateTimeOffset instant) => instant.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
