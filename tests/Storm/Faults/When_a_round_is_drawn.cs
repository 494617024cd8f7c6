using System.Collections.Immutable;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Faults;

/// <summary>Source: issue "Never two owners, nothing lost", deliverable 5: random faults under a printed seed, while commands keep coming.</summary>
public sealed class When_a_round_is_drawn
{
    private const ulong Seeds = 100;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    private static readonly StormCluster Fencing = new(HasFenceDevices: true);
    private static readonly StormCluster Bare = new(HasFenceDevices: false);

    [Fact]
    public void The_same_seed_gives_the_same_faults_and_commands()
    {
        Assert.Equal(Faults(7), Faults(7));
        Assert.NotEqual(Faults(7), Faults(8));
        Assert.Equal(Orders(7), Orders(7));
        Assert.NotEqual(Orders(7), Orders(8));

        static IEnumerable<Fault> Faults(ulong seed) => FaultSchedule.Draw(new Chance(seed), Fencing, Length).AsEnumerable();
        static IEnumerable<Order> Orders(ulong seed) => OrderSchedule.Draw(new Chance(seed), Fencing, "r", Length).AsEnumerable();
    }

    [Fact]
    public void Every_kind_of_fault_and_command_comes()
    {
        var faults = Rounds(Fencing).SelectMany(round => round).Select(fault => fault.Kind).Distinct();
        var orders = Enumerable.Range(1, (int)Seeds).SelectMany(seed => OrderSchedule.Draw(new Chance((ulong)seed), Fencing, "r", Length)).ToList();

        Assert.Equal(Enum.GetValues<FaultKind>().Order(), faults.Order());
        Assert.Equal(["disable", "enable", "relocate", "restart", "stop"], orders.Select(order => order.Verb).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(orders, order => order.IsOnBus);
        Assert.Contains(orders, order => order.Node is not null);
    }

    /// <summary>Source: DESIGN 3, S7: a pause of a whole machine is promised only with a fence device.</summary>
    [Fact]
    public void A_cluster_without_fence_devices_has_no_node_frozen()
    {
        Assert.DoesNotContain(Rounds(Bare).SelectMany(round => round), fault => fault.Kind is FaultKind.NodeFreeze or FaultKind.FenceDeviceFails);
    }

    [Fact]
    public void Nothing_is_broken_twice_at_once_and_one_node_is_left()
    {
        foreach (ImmutableArray<Fault> round in Rounds(Fencing))
        {
            foreach (Fault fault in round)
            {
                List<Fault> present = [.. round.Where(other => other.At <= fault.At && other.At + other.Lasts > fault.At)];
                Assert.Equal(present.Count, present.Select(other => other.Target).Distinct().Count());
                Assert.True(present.Count <= FaultSchedule.ConcurrentMax);
                Assert.True(present.Count(other => FaultSchedule.BreaksNode(other.Kind)) <= FaultSchedule.BrokenNodesMax);
            }
        }
    }

    private static IEnumerable<ImmutableArray<Fault>> Rounds(StormCluster cluster) =>
        Enumerable.Range(1, (int)Seeds).Select(seed => FaultSchedule.Draw(new Chance((ulong)seed), cluster, Length));
}
