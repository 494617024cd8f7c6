using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Core.Operations;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: DESIGN 3, rule S8.</summary>
[Trait("Rule", "S8")]
public sealed class When_an_order_arrives
{
    private const long Now = 1500;

    [Fact]
    public void A_first_order_runs() => Assert.IsType<Admission.Run>(Decide(null, An.Order(1)));

    [Fact]
    public void A_higher_epoch_runs() => Assert.IsType<Admission.Run>(Decide(Ended(4), An.Order(5)));

    [Fact]
    public void A_higher_epoch_runs_even_while_the_last_one_is_under_way() =>
        Assert.IsType<Admission.Run>(Decide(new TakenOperation(An.Order(4), null), An.Order(5, NodeAction.Stop)));

    [Fact]
    public void The_same_operation_gets_the_same_answer_whatever_its_attempt()
    {
        TakenOperation newest = Ended(4);

        Admission admission = Decide(newest, An.Order(4, attempt: 3));

        Assert.Same(newest.Answer, Assert.IsType<Admission.Repeat>(admission).Answer);
    }

    [Fact]
    public void The_same_operation_is_not_begun_twice_while_it_runs() =>
        Assert.IsType<Admission.Busy>(Decide(new TakenOperation(An.Order(4), null), An.Order(4, attempt: 2)));

    [Fact]
    public void An_old_epoch_is_refused_and_takes_nothing() =>
        Assert.False(Assert.IsType<Admission.Refuse>(Decide(Ended(4), An.Order(3))).TakesEpoch);

    [Fact]
    public void An_epoch_taken_for_another_action_is_refused() =>
        Assert.IsType<Admission.Refuse>(Decide(Ended(4), An.Order(4, NodeAction.Stop)));

    [Fact]
    public void An_order_for_another_incarnation_is_refused() =>
        Assert.IsType<Admission.Refuse>(Decide(null, An.Order(1) with { Incarnation = new Incarnation("bbbb") }));

    [Fact]
    public void An_order_for_another_node_is_refused() =>
        Assert.IsType<Admission.Refuse>(Decide(null, An.Order(1) with { Node = new NodeName("n2") }));

    [Theory]
    [InlineData(NodeAction.Stop)]
    [InlineData(NodeAction.Probe)]
    [InlineData(NodeAction.Condstop)]
    public void What_stops_or_only_looks_needs_no_lease(NodeAction action) =>
        Assert.IsType<Admission.Run>(OperationAdmission.Decide(null, An.Order(1, action), An.Node, An.Incarnation, LeaseState.None, Now));

    /// <summary>Were the refusal not kept, a late copy of the order could run after the service was placed elsewhere.</summary>
    [Theory]
    [InlineData(NodeAction.Start)]
    [InlineData(NodeAction.Condstart)]
    public void What_starts_something_is_refused_for_ever_without_a_lease(NodeAction action)
    {
        Admission admission = OperationAdmission.Decide(null, An.Order(1, action), An.Node, An.Incarnation, LeaseState.None, Now);

        Assert.True(Assert.IsType<Admission.Refuse>(admission).TakesEpoch);
    }

    /// <summary>A quorum that forms orders starts at once, and grants leases with the next heartbeat.</summary>
    [Fact]
    public void A_start_before_the_first_lease_may_wait_for_it() =>
        Assert.IsType<Admission.Wait>(OperationAdmission.Decide(null, An.Order(1), An.Node, An.Incarnation, LeaseState.None, Now, mayWait: true));

    [Fact]
    public void A_start_after_the_lease_ran_out_does_not_wait_for_another() =>
        Assert.IsType<Admission.Refuse>(OperationAdmission.Decide(null, An.Order(1), An.Node, An.Incarnation, An.Lease, now: 2000, mayWait: true));

    [Theory]
    [InlineData(NodeAction.Start)]
    [InlineData(NodeAction.Condstart)]
    public void What_starts_something_is_refused_after_the_lease_ran_out(NodeAction action) =>
        Assert.IsType<Admission.Refuse>(OperationAdmission.Decide(null, An.Order(1, action), An.Node, An.Incarnation, An.Lease, now: 2000));

    [Theory]
    [InlineData(NodeAction.Start)]
    [InlineData(NodeAction.Condstart)]
    public void What_starts_something_must_name_its_configuration(NodeAction action) =>
        Assert.IsType<Admission.Refuse>(Decide(null, An.Order(1, action) with { ConfigurationDigest = "" }));

    /// <summary>
    /// A database that went back has forgotten it, and may have placed the service elsewhere since; an incarnation that had no lease yet outlives that.
    /// Nothing is stored, so that the same epoch may come again from a scheduler of now.
    /// </summary>
    [Theory]
    [Trait("Rule", "S14")]
    [InlineData(NodeAction.Start)]
    [InlineData(NodeAction.Receive)]
    [InlineData(NodeAction.Condstart)]
    [InlineData(NodeAction.Migrate)]
    public void What_was_ordered_before_the_quorum_that_granted_the_lease_is_ignored(NodeAction action)
    {
        Assert.IsType<Admission.Ignore>(Decide(null, An.Order(1, action) with { Generation = 4 }, LeaseOf(generation: 5)));
        Assert.IsType<Admission.Run>(Decide(null, An.Order(1, action) with { Generation = 5 }, LeaseOf(generation: 5)));
        Assert.IsType<Admission.Run>(Decide(null, An.Order(1, action) with { Generation = 9 }, LeaseOf(generation: 5)));
    }

    [Fact]
    public void A_stop_counts_whenever_it_was_ordered() =>
        Assert.IsType<Admission.Run>(Decide(null, An.Order(1, NodeAction.Stop) with { Generation = 4 }, LeaseOf(generation: 5)));

    private static LeaseState LeaseOf(long generation) => LeaseState.None.WithSent(1000, 1000).WithAnswer(An.Heard(1000, generation: generation), overBus: true, 1010);

    private static Admission Decide(TakenOperation? newest, OperateService order, LeaseState lease) =>
        OperationAdmission.Decide(newest, order, An.Node, An.Incarnation, lease, Now);

    private static Admission Decide(TakenOperation? newest, OperateService order) =>
        OperationAdmission.Decide(newest, order, An.Node, An.Incarnation, An.Lease, Now);

    private static TakenOperation Ended(long epoch) => new(An.Order(epoch), An.Answer(An.Order(epoch)));
}
