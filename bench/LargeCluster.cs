using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Bench;

/// <summary>A cluster of any size whose services run spread over its nodes, ordered domains of four nodes each, and whose first node was lost.</summary>
public static class LargeCluster
{
    /// <summary>Its <c>cluster.conf</c>.</summary>
    public static string Text(int services, int nodes)
    {
        StringBuilder text = new("<cluster name=\"large\" config_version=\"1\"><clusternodes>");
        for (int node = 0; node < nodes; node++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<clusternode name=\"n{node}\" nodeid=\"{node + 1}\"/>\n");
        }

        text.Append("</clusternodes><rm><failoverdomains>");
        for (int domain = 0; domain < nodes; domain++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<failoverdomain name=\"d{domain}\" ordered=\"1\">");
            for (int member = 0; member < Math.Min(4, nodes); member++)
            {
                text.Append(CultureInfo.InvariantCulture, $"<failoverdomainnode name=\"n{(domain + member) % nodes}\" priority=\"{member + 1}\"/>");
            }

            text.Append("</failoverdomain>\n");
        }

        text.Append("</failoverdomains><resources/>");
        for (int service = 0; service < services; service++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<service name=\"s{service}\" domain=\"d{service % nodes}\">");
            text.Append(CultureInfo.InvariantCulture, $"<ip address=\"10.{service / 65536}.{service / 256 % 256}.{service % 256}\"/>");
            text.Append(CultureInfo.InvariantCulture, $"<script name=\"script{service}\" file=\"/etc/init.d/s{service}\"/></service>\n");
        }

        return text.Append("</rm></cluster>").ToString();
    }

    /// <summary>The planner's input after the first node was lost and fenced; service i ran on node i modulo the number of nodes.</summary>
    public static PlacementSituation OneNodeLost(int services, int nodes)
    {
        ClusterConfiguration configuration = ClusterConfigurationReader.Read(Text(services, nodes), ResourceTypeCatalog.BuiltIn).Configuration
            ?? throw new InvalidOperationException("the generated configuration is unreadable");
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        return new PlacementSituation
        {
            Configuration = configuration,
            Now = now,
            Membership = new MembershipView(2, true, configuration.Nodes.Select((node, index) => new MemberNode
            {
                Name = node.Name,
                Id = node.Id,
                State = index == 0 ? NodeState.Fenced : NodeState.Online,
                Votes = 1,
                Incarnation = new Incarnation(node.Name.Value),
                Since = now,
            })),
            Services = [.. configuration.Services.Select((service, index) => ServiceRecord.New(service.Name, now) with
            {
                State = ServiceState.Started,
                Owner = configuration.Nodes[index % nodes].Name,
                OwnerIncarnation = new Incarnation(configuration.Nodes[index % nodes].Name.Value),
                Epoch = 1,
                WasEvaluated = true,
            })],
        };
    }

    /// <summary>The event of that situation.</summary>
    public static PlacementEvent Loss(PlacementSituation situation) =>
        new PlacementEvent.NodeChanged([], [situation.Configuration.Nodes[0].Name]);

    /// <summary>The same situation with every service stopped: the most a planner can be asked at once.</summary>
    public static PlacementSituation AllStopped(PlacementSituation situation) => situation with
    {
        Services = [.. situation.Services.Select(service => service with { State = ServiceState.Stopped, Owner = null, OwnerIncarnation = null })],
    };
}
