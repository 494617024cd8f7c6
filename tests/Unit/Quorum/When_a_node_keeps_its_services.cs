using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 4, rules S4, S5 and S7; ADR 0009.</summary>
[Trait("Rule", "S7")]
public sealed class When_a_node_keeps_its_services
{
    private static readonly LeaseRow Stopping = Cluster.Leased("n1", "a", 100);

    private static readonly NodePromise Keeps = Cluster.Promise with { OnLeaseLoss = OnLeaseLoss.Keep, IsSelfFencing = false, IsOnLeaseLossApplied = true };

    [Fact]
    public void No_time_counts_as_its_fencing()
    {
        LeaseRow lost = Keeping().As(LeaseState.Lost);

        Assert.Null(TimeFencing.WaitFor(lost, Cluster.Quorate));
        Assert.NotNull(TimeFencing.WaitFor(Stopping.As(LeaseState.Lost), Cluster.Quorate));
    }

    [Fact]
    [Trait("Rule", "S4")]
    public void It_is_stored_with_the_lease_even_where_the_guard_does_not_act_by_it_yet()
    {
        LeaseRow row = Renewed(Stopping, Keeps with { IsOnLeaseLossApplied = false });

        Assert.Equal((OnLeaseLoss.Keep, OnLeaseLoss.Stop, false), (row.OnLeaseLoss, row.ConfirmedOnLeaseLoss, row.IsSelfFencing));
    }

    /// <summary>Its guard ends every lease it holds before its executor says stop: the promise is whole again.</summary>
    [Fact]
    public void A_guard_that_stops_again_is_counted_on_again()
    {
        LeaseRow row = Admission.Renewed(Keeping(), Beat(102, Cluster.Promise with { OnLeaseLoss = OnLeaseLoss.Stop, IsOnLeaseLossApplied = true }), Cluster.Quorate);

        Assert.Equal((OnLeaseLoss.Stop, true), (row.OnLeaseLoss, row.IsSelfFencing));
    }

    [Fact]
    public void One_that_never_learned_to_say_it_is_not()
    {
        LeaseRow row = Admission.Renewed(Keeping(), Beat(102, Cluster.Promise), Cluster.Quorate);

        Assert.False(row.IsSelfFencing);
    }

    [Fact]
    public void To_hold_and_to_fence_itself_at_once_is_refused()
    {
        AdmissionDecision decision = Beat(101, Keeps with { IsSelfFencing = true }).Answer(Cluster.Quorate, Stopping, Stopping);

        Assert.Contains("says both", Assert.IsType<AdmissionDecision.Refuse>(decision).Reason, StringComparison.Ordinal);
    }

    /// <summary>A database outage longer than the lease: its row stood still, nobody called it lost, and the same incarnation goes on.</summary>
    [Fact]
    [Trait("Rule", "S3")]
    public void After_an_outage_the_same_incarnation_is_renewed()
    {
        AdmissionDecision decision = Beat(1_000_000, Keeps).Answer(Cluster.Quorate, Keeping(), Keeping());

        Assert.Equal(HeartbeatVerdict.Granted, Assert.IsType<AdmissionDecision.Renew>(decision).Verdict);
    }

    [Fact]
    [Trait("Rule", "S5")]
    public void Lost_it_stays_lost()
    {
        LeaseRow lost = Keeping().As(LeaseState.Lost);

        Assert.IsType<AdmissionDecision.Refuse>(Beat(1_000_000, Keeps).Answer(Cluster.Quorate, lost, lost));
    }

    [Fact]
    public void The_configuration_says_who_does()
    {
        ClusterNode node = new(new NodeName("n1"), 1, 1);

        Assert.Equal(OnLeaseLoss.Stop, LeaseLossPolicy.OrderFor(node, Cluster.Quorate, 1).OnLeaseLoss);
        Assert.Equal(OnLeaseLoss.Keep, LeaseLossPolicy.OrderFor(node with { KeepsOnLeaseLoss = true }, Cluster.Quorate, 1).OnLeaseLoss);
    }

    [Fact]
    public void The_membership_shows_what_the_node_confirmed()
    {
        ImmutableArray<MemberNode> nodes =
        [
            .. new[] { Keeping() with { IsOnLeaseLossApplied = false }, Keeping() }
                .Select(row => Cluster.Evaluate(Cluster.Quorate, null, null, Cluster.Of("n1"), row)!.Membership.Nodes.Single()),
        ];

        Assert.Equal([OnLeaseLoss.Stop, OnLeaseLoss.Keep], nodes.Select(node => node.OnLeaseLoss));
    }

    private static LeaseRow Keeping() => Renewed(Stopping, Keeps);

    private static LeaseRow Renewed(LeaseRow row, NodePromise promise) => Admission.Renewed(row, Beat(101, promise), Cluster.Quorate);

    private static NodeHeartbeat Beat(long sequence, NodePromise promise) => Cluster.Beat("n1", "a", sequence) with { Promise = promise };
}
