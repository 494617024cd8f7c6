using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>A newer configuration has every service looked at, as if all nodes had come; but it is no node transition. Source: rgmanager.md 2.9, 4.3.</summary>
public sealed class When_failover_domains_change
{
    private static readonly PlacementEvent.ConfigurationChanged Changed = new();

    [Fact]
    public void A_service_leaves_a_node_that_its_restricted_domain_no_longer_has()
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Rm("n1")).Running("web", "n1").InForce(2, Rm("n2"));

        ServicePlan plan = cluster.PlanOf("web", Changed);

        Assert.Equal((PlacementAction.Relocate, "n2"), (plan.Action, plan.Node?.Value));
        Assert.Equal((NodeAction.Stop, "n1"), cluster.Place("web", Changed).Ordered());
    }

    [Fact]
    public void A_service_stops_when_no_node_of_its_restricted_domain_is_online()
    {
        Cluster cluster = new Cluster("n1", "n2").Node("n2", NodeState.Left).InForce(1, Rm("n1")).Running("web", "n1").InForce(2, Rm("n2"));

        Assert.Equal(PlacementAction.Stop, cluster.PlanOf("web", Changed).Action);
    }

    /// <summary>It moves first: the rest of what changed comes with the start on the other node.</summary>
    [Fact]
    public void A_service_that_moves_is_not_changed_where_it_leaves()
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Rm("n1")).Running("web", "n1").InForce(2, Rm("n2", """<script name="x" file="/x"/>"""));

        Assert.Equal(PlacementAction.Relocate, cluster.PlanOf("web", Changed).Action);
    }

    /// <summary>Source: scenario 24.</summary>
    [Fact]
    public void What_an_operator_stopped_stays_stopped()
    {
        Cluster cluster = new Cluster("n1", "n2").InForce(1, Rm("n1")).Running("web", "n1");
        cluster.Command("web", CommandKind.Stop);
        cluster.Ends("web", OperationOutcome.Succeeded, isRunning: false);
        cluster.InForce(2, Rm("n2"));

        Assert.Equal("stopped by an operator until the next node transition", cluster.PlanOf("web", Changed).Reason);
        Assert.Equal(PlacementAction.Start, cluster.PlanOf("web", Cluster.Up("n2")).Action);
    }

    private static string Rm(string member, string below = "") => $"""
        <failoverdomains><failoverdomain name="d" restricted="1"><failoverdomainnode name="{member}"/></failoverdomain></failoverdomains>
        <service name="web" domain="d">{below}</service>
        """;
}
