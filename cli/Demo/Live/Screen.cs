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
    /// <summary>Also in a terminal too low for everything, where the last lines are cut.</summary>
    private const int EventLinesMin = 1;

    /// <summary>Columns of the table of services that hold neither a name, a state nor a reason: the mark, a time, and what is between.</summary>
    private const int OtherColumns = 29;

    /// <summary>The longest heading of the columns that hold names and states: Service.</summary>
    private const int HeadingWidthMax = 7;

    /// <summary>One picture, as lines that fit the terminal: as many of the newest events as there is room for.</summary>
    /// <param name="cluster">Null before the first answer.</param>
    /// <param name="nodes">Name, and whether it has power.</param>
    /// <param name="events">The newest, oldest first.</param>
    /// <param name="keyboard">What is selected.</param>
    /// <param name="footer">A last line, the first to be cut.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal.</param>
    public static IReadOnlyList<string> Draw(
        ClusterView? cluster,
        ImmutableArray<(NodeName Name, bool HasPower)> nodes,
        IReadOnlyList<DemoEvent> events,
        Keyboard keyboard,
        string footer,
        int width,
        int height)
    {
        List<IRenderable> head =
        [
            new Text(cluster is null ? "The cluster is starting..." : StatusTable.Headline(cluster), new Style(decoration: Decoration.Bold)),
        ];
        if (cluster is not null)
        {
            head.Add(Nodes(cluster, nodes));
            head.Add(Services(cluster, keyboard, width));
        }

        string[] top = Lines(width, [.. head, new Rule("what happens, and why") { Justification = Justify.Left }]);
        string[] bottom = Lines(
            width,
            new Rule(keyboard.Prefix is { } prefix ? $"{prefix}: which node, 1 to {nodes.Length}?" : "keys") { Justification = Justify.Left },
            new Text(Keyboard.Keys),
            new Text(footer, new Style(Color.Grey)));
        int room = Math.Max(EventLinesMin, height - top.Length - bottom.Length);
        string[] told = Lines(width, [.. events.TakeLast(room).Select(Line)]);
        return [.. top.Concat(told.TakeLast(room)).Concat(bottom).Take(height)];
    }

    private static Text Line(DemoEvent told) =>
        new($"{told.At.ToLocalTime().ToString("HH:mm:ss.f", CultureInfo.InvariantCulture)}  {told.Text}");

    /// <summary>What the parts look like, one below the other, without blank lines: there are never enough lines.</summary>
    private static string[] Lines(int width, params IRenderable[] parts)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        // The last column stays free: a character there leaves terminals in doubt where the cursor is.
        console.Profile.Width = Math.Max(1, width - 1);
        console.Write(new Rows(parts));
        return [.. text.ToString().ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line))];
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

    private static Table Services(ClusterView cluster, Keyboard keyboard, int width)
    {
        int room = width - OtherColumns - Widest(cluster.Services.Select(service => Narration.Short(service.Name)))
            - Widest(cluster.Services.Select(service => service.State.ToString())) - Widest(cluster.Services.Select(StatusTable.OwnerOrLast));
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
                new Text(Shortened(service.Reason, room)));
        }

        return table;
    }

    private static int Widest(IEnumerable<string> texts) => texts.Select(text => text.Length).Append(HeadingWidthMax).Max();

    /// <summary>One line of a reason: what would wrap takes a line from the events, where the whole of it stands anyway.</summary>
    private static string Shortened(string reason, int room) => reason.Length <= room ? reason : $"{reason[..Math.Max(0, room - 1)]}…";

    private static string Time(DateTimeOffset instant) => instant.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
