using System.Text.Json;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>
/// What of a configuration the views of <see cref="SqlViews"/> show: no SQL reads a <c>cluster.conf</c> as this program does. Stored as JSON beside its text.
/// </summary>
/// <param name="ClusterName">As configured.</param>
/// <param name="VotesNeeded">For quorum, until the quorum service has said so itself.</param>
/// <param name="Nodes">In document order.</param>
/// <param name="Services">Their full names, in document order.</param>
internal sealed record ConfigurationOutline(string ClusterName, int VotesNeeded, IReadOnlyList<ConfigurationOutline.Node> Nodes, IReadOnlyList<string> Services)
{
    /// <summary>The outline as it is stored.</summary>
    public static string Of(ClusterConfiguration configuration) => JsonSerializer.Serialize(
        new ConfigurationOutline(
            configuration.ClusterName,
            configuration.Quorum.VotesNeeded,
            [.. configuration.Nodes.Select(node => new Node(node.Name.Value, node.Id, node.Votes))],
            [.. configuration.Services.Select(service => service.Name.Value)]),
        SchedulerJson.Options);

    /// <summary>One configured node.</summary>
    internal sealed record Node(string Name, int Id, int Votes);
}
