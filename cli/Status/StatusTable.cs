using System.Globalization;

using Quorate.Contracts;
using Quorate.Contracts.Views;

using Spectre.Console;

namespace Quorate.Cli.Status;

/// <summary>The cluster as a page for a person.</summary>
internal static class StatusTable
{
    /// <summary>Columns when the output is a file or a pipe: wide enough that a line stays one line for <c>grep</c>.</summary>
    private const int RedirectedColumns = 240;

    /// <summary>Writes the page to standard output.</summary>
    public static void Write(ClusterView cluster)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedColumns;
            AnsiConsole.Profile.Capabilities.Ansi = false;
        }

        AnsiConsole.WriteLine(Headline(cluster));
        AnsiConsole.WriteLine();
        AnsiConsole.Write(Nodes(cluster));
        AnsiConsole.WriteLine();
        AnsiConsole.Write(Services(cluster));
    }

    /// <summary>The first line: name, quorum, generation, votes, configuration.</summary>
    public static string Headline(ClusterView cluster) => string.Create(
        CultureInfo.InvariantCulture,
        $"Cluster {cluster.Name}: {(cluster.IsQuorate ? "quorate" : "NOT quorate")}{(cluster.IsMaintenance ? ", IN MAINTENANCE" : "")}{(cluster.IsLocked ? ", LOCKED" : "")}, generation {cluster.Generation}, votes {cluster.Votes} (needs {cluster.VotesNeeded}), configuration version {cluster.ConfigurationVersion}");

    /// <summary>The owner, or the last one in brackets where the service runs nowhere; "-" where it never ran.</summary>
    /// <remarks>Source: clustat(8), column "Owner (Last)".</remarks>
    public static string OwnerOrLast(ServiceView service) => (service.Owner, service.LastOwner) switch
    {
        ({ } owner, _) => owner.Value,
        (null, { } last) => $"({last.Value})",
        _ => "-",
    };

    private static Table Nodes(ClusterView cluster)
    {
        Table table = NewTable("Node", "Id", "State", "Votes", "Since", "Incarnation");
        foreach (NodeView node in cluster.Nodes)
        {
            table.AddRow(
                new Text(node.Name.Value),
                new Text(node.Id.ToString(CultureInfo.InvariantCulture)),
                new Text(Word(node.State) + (node.OnLeaseLoss == OnLeaseLoss.Stop ? "" : $" [{Word(node.OnLeaseLoss)}]") + (node.IsDrained ? " [drained]" : ""), node.State == NodeState.Online ? Color.Green : Color.Red),
                new Text(node.Votes.ToString(CultureInfo.InvariantCulture)),
                new Text(Local(node.Since)),
                new Text(node.Incarnation is { Value: var incarnation } ? incarnation[..Math.Min(8, incarnation.Length)] : "-"));
        }

        return table;
    }

    private static Table Services(ClusterView cluster)
    {
        Table table = NewTable("Service", "State", "Owner (last)", "Since", "Reason");
        foreach (ServiceView service in cluster.Services)
        {
            string flags = service.Flags.Count > 0 ? $" [{string.Join(' ', service.Flags)}]" : string.Empty;
            table.AddRow(
                new Text(service.Name.Value),
                new Text(Word(service.State) + flags, ColorOf(service.State)),
                new Text(OwnerOrLast(service)),
                new Text(Local(service.Since)),
                new Text(service.Reason));
        }

        return table;
    }

    private static Table NewTable(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        for (int index = 0; index < columns.Length; index++)
        {
            TableColumn column = new(new Text(columns[index]));
            // Only the last column, the words, may be folded on a narrow terminal; names are copied by hand.
            column.NoWrap = index < columns.Length - 1;
            table.AddColumn(column);
        }

        return table;
    }

    /// <summary>How a state is painted.</summary>
    public static Style ColorOf(ServiceState state) => state switch
    {
        ServiceState.Started => Color.Green,
        ServiceState.Failed => Color.Red,
        ServiceState.Disabled or ServiceState.Stopped => Color.Grey,
        _ => Color.Yellow,
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Local(DateTimeOffset instant) =>
        instant.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
