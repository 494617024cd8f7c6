using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>
/// Nothing of a change is remembered as an order: what could not be done is found again by the next look. Source: rgmanager.md 2.9; rule S13.
/// </summary>
[Trait("Rule", "S13")]
public sealed class When_a_reconfiguration_is_put_off
{
    private const string Before = """<service name="web"><script name="x" file="/x"/></service>""";
    private const string Changed = """<service name="web"><script name="x" file="/y"/></service>""";
    private const string Grown = """<service name="web"><script name="x" file="/x"/><script name="new" file="/n"/></service>""";
    private const string Replaced = """<service name="web" nfslock="1"><script name="x" file="/x"/></service>""";

    private static readonly PlacementEvent.Sweep Sweep = new();

    public enum Reason
    {
        Frozen,
        Maintenance,
        Lock,
        Quorum,
    }

    public static TheoryData<Reason, string, NodeAction> Cases
    {
        get
        {
            TheoryData<Reason, string, NodeAction> cases = [];
            foreach (Reason reason in Enum.GetValues<Reason>())
            {
                cases.Add(reason, Changed, NodeAction.Condstop);
                cases.Add(reason, Grown, NodeAction.Condstart);
                cases.Add(reason, Replaced, NodeAction.Stop);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_runs_on_as_it_is_until_the_reason_is_gone(Reason reason, string after, NodeAction expected)
    {
        Cluster cluster = Running().InForce(2, after);
        Switch(cluster, reason, isOn: true);

        Decision decided = cluster.Place("web", Sweep);
        Switch(cluster, reason, isOn: false);

        Assert.Null(decided.Ordered());
        Assert.Equal((ServiceState.Started, "n1"), (decided.Next.State, decided.Next.Owner?.Value));
        Assert.Equal((expected, "n1"), cluster.Place("web", Sweep).Ordered());
    }

    /// <summary>The planner looked before the operator spoke: its word is checked again.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plan_made_just_before_is_not_applied(Reason reason, string after, NodeAction expected)
    {
        Cluster cluster = Running().InForce(2, after);
        ServicePlan plan = cluster.PlanOf("web", Sweep);
        Assert.Equal(expected, Lifecycle.Apply(cluster.Situation("web"), plan).Ordered()?.Action);
        Switch(cluster, reason, isOn: true);

        Decision applied = Lifecycle.Apply(cluster.Situation("web"), plan);

        Assert.Null(applied.Ordered());
    }

    [Theory]
    [InlineData(Changed)]
    [InlineData(Replaced)]
    public void Nothing_is_asked_of_an_owner_that_is_lost(string after)
    {
        Cluster cluster = Running().InForce(2, after);
        ServicePlan plan = cluster.PlanOf("web", Sweep);
        cluster.Node("n1", NodeState.Lost);

        Assert.Null(Lifecycle.Apply(cluster.Situation("web"), plan).Ordered());
        Assert.Equal(PlacementAction.AwaitFencing, cluster.PlanOf("web", Sweep).Action);
    }

    [Fact]
    public void A_command_that_is_carried_out_comes_first()
    {
        Cluster cluster = Running().InForce(2, Changed);
        cluster.Command("web", CommandKind.Restart);

        Assert.Null(cluster.Place("web", Sweep).Ordered());
    }

    private static Cluster Running() => new Cluster("n1", "n2").InForce(1, Before).Running("web", "n1");

    private static void Switch(Cluster cluster, Reason reason, bool isOn)
    {
        switch (reason)
        {
            case Reason.Frozen:
                cluster.Command("web", isOn ? CommandKind.Freeze : CommandKind.Unfreeze);
                break;
            case Reason.Maintenance:
                cluster.IsMaintenance = isOn;
                break;
            case Reason.Lock:
                cluster.IsLocked = isOn;
                break;
            default:
                cluster.IsQuorate = !isOn;
                break;
        }
    }
}
