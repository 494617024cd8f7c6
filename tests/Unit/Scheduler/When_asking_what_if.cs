using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: the plan for a membership without a cluster asks the same planner as the cluster does.</summary>
public sealed class When_asking_what_if
{
    [Fact]
    public void Services_start_move_and_are_taken_over()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a(1) b(2)", ordered: true)
            .Service("moves", "d").Service("off", autostart: false).Service("orphan", "d").Service("stays");

        WhatIfPlan plan = WhatIf.Plan(cluster.Configuration, [], Owners(("moves", "b"), ("stays", "c")));
        WhatIfPlan without = WhatIf.Plan(cluster.Configuration, [new("a")], Owners(("moves", "b"), ("orphan", "a")));

        Assert.True(plan.IsQuorate);
        Assert.Equal(["Relocate a", "MarkDisabled ", "Start a", "LeaveAlone c"], plan.Services.Select(Text));
        Assert.Equal(["LeaveAlone b", "MarkDisabled ", "TakeOver b", "Start c"], without.Services.Select(Text));
    }

    [Fact]
    public void Without_quorum_live_nodes_stop_and_nothing_starts()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("s").Service("t").Service("u");

        WhatIfPlan plan = WhatIf.Plan(cluster.Configuration, [new("a"), new("b")], Owners(("s", "c"), ("t", "a")));

        Assert.False(plan.IsQuorate);
        Assert.Equal(["Stop ", "LeaveAlone ", "LeaveAlone "], plan.Services.Select(Text));
    }

    /// <summary>Equals go one by one, as the configuration lists them, each to the node with the fewest services.</summary>
    [Fact]
    public void Equals_are_spread_in_the_configured_order()
    {
        Cluster cluster = new Cluster("a", "b").Service("z").Service("m").Service("b").Service("n");

        WhatIfPlan plan = WhatIf.Plan(cluster.Configuration, [], Owners(("n", "a")));

        Assert.Equal(["Start b", "Start a", "Start b", "LeaveAlone a"], plan.Services.OrderBy(service => cluster.Configuration.PositionOf(service.Service)).Select(Text));
    }

    [Fact]
    public void A_chain_of_dependents_starts_whole()
    {
        Cluster cluster = new Cluster("a").Service("web", depend: "service:app").Service("app", depend: "service:db").Service("db");

        Assert.All(WhatIf.Plan(cluster.Configuration, [], Owners()).Services, service => Assert.Equal("Start a", Text(service)));
    }

    private static string Text(ServicePlan plan) => $"{plan.Action} {plan.Node}";

    private static ImmutableDictionary<ServiceName, NodeName> Owners(params (string Service, string Node)[] owners) =>
        owners.ToImmutableDictionary(owner => ServiceName.Parse(owner.Service), owner => new NodeName(owner.Node));
}
