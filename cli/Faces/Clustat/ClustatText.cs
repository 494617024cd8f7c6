using System.Globalization;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Faces.Clustat;

/// <summary>The text of <c>clustat</c>, to the column as the original's.</summary>
/// <remarks>Source: rgmanager.md 5.2. Scripts cut this text by columns and match its words.</remarks>
internal static class ClustatText
{
    /// <summary>Columns when the output is no terminal.</summary>
    public const int ColumnsDefault = 80;

    private const int IdWidth = 4;
    private const int StateWidth = 14;
    private const int SpaceBesideServices = 20;

    /// <summary>The page: cluster, members, services; or only one of them.</summary>
    /// <param name="cluster">What to show.</param>
    /// <param name="options">Which part of it, and how.</param>
    /// <param name="local">The node of this machine.</param>
    /// <param name="now">For the first line.</param>
    /// <param name="columns">The width, from 40.</param>
    public static string Page(ClusterView cluster, ClustatOptions options, NodeName? local, DateTimeOffset now, int columns)
    {
        StringBuilder page = new();
        bool isWhole = options.Service is null && options.Member is null;
        if (isWhole)
        {
            Line(page, $"Cluster Status for {cluster.Name} @ {OriginalNumbers.Time(now)}");
            Line(page, $"Member Status: {(cluster.IsQuorate ? "Quorate" : "Inquorate")}");
            Line(page, "");
        }

        if (options.Service is null)
        {
            Members(page, cluster.Nodes.Where(node => options.Member is null || node.Name.Value == options.Member), local, columns / 2);
        }

        if (isWhole)
        {
            Line(page, "");
        }

        if (options.Member is null)
        {
            Services(page, [.. cluster.Services.Where(service => options.Service is null || service.Name == options.Service)], options, columns);
        }

        return page.ToString();
    }

    private static void Members(StringBuilder page, IEnumerable<NodeView> nodes, NodeName? local, int width)
    {
        Line(page, $" {Field("Member Name", width)}{Field("ID", IdWidth)} Status");
        Line(page, $" {Field("------ ----", width)}{Field("----", IdWidth)} ------");
        foreach (NodeView node in nodes)
        {
            string id = node.Id.ToString(CultureInfo.InvariantCulture).PadLeft(IdWidth);
            List<string> words = [node.State == NodeState.Online ? "Online" : "Offline"];
            if (node.Name == local)
            {
                words.Add("Local");
            }

            if (node.State == NodeState.Online)
            {
                words.Add("rgmanager");
            }

            Line(page, $" {Field(node.Name.Value, width)} {id} {string.Join(", ", words)}");
        }
    }

    private static void Services(StringBuilder page, IReadOnlyList<ServiceView> services, ClustatOptions options, int columns)
    {
        if (services.Count == 0)
        {
            return;
        }

        if (options.IsLong)
        {
            Line(page, "Service Information\n------- -----------\n");
            foreach (ServiceView service in services)
            {
                Long(page, service);
            }

            return;
        }

        int width = Math.Max(1, (columns - SpaceBesideServices) / 2);
        Line(page, $" {Field("Service Name", width)} {Field("Owner (Last)", width)} {Field("State", StateWidth)}");
        Line(page, $" {Field("------- ----", width)} {Field("----- ------", width)} {Field("-----", StateWidth)}");
        foreach (ServiceView service in services)
        {
            string letters = OriginalNumbers.FlagLetters(service);
            string state = Field(OriginalNumbers.Word(service.State), StateWidth - letters.Length).TrimEnd() + letters;
            Line(page, $" {Field(service.Name.Value, width)} {Field(OwnerOrLast(service), width)} {Field(state, StateWidth)}");
        }
    }

    /// <summary>The last owner in brackets where the service runs nowhere; "none" where there is none.</summary>
    private static string OwnerOrLast(ServiceView service) =>
        service.State is ServiceState.Stopped or ServiceState.Disabled or ServiceState.Recoverable or ServiceState.Failed or ServiceState.Uninitialized
            ? $"({service.LastOwner?.Value ?? "none"})"
            : service.Owner?.Value ?? "none";

    private static void Long(StringBuilder page, ServiceView service)
    {
        Line(page, $"Service Name      : {service.Name}");
        Line(page, string.Create(CultureInfo.InvariantCulture, $"  Current State   : {OriginalNumbers.Word(service.State)} ({OriginalNumbers.Of(service.State)})"));
        Line(page, string.Create(CultureInfo.InvariantCulture, $"  Flags           : {OriginalNumbers.FlagWords(service, "none")} ({OriginalNumbers.FlagsOf(service)})"));
        Line(page, $"  Owner           : {service.Owner?.Value ?? "none"}");
        Line(page, $"  Last Owner      : {service.LastOwner?.Value ?? "none"}");
        Line(page, $"  Last Transition : {OriginalNumbers.Time(service.Since)}");
        Line(page, "");
    }

    /// <summary>Cut or filled up to its width.</summary>
    private static string Field(string text, int width) => text.Length > width ? text[..width] : text.PadRight(width);

    private static void Line(StringBuilder page, string line) => page.Append(line.TrimEnd(' ')).Append('\n');
}
