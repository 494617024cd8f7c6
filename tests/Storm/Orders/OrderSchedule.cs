using System.Collections.Immutable;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Storm.Orders;

/// <summary>Draws the commands of one round. Pure: the same dice give the same commands.</summary>
internal static class OrderSchedule
{
    private const int GapMillisecondsMin = 200;
    private const int GapMillisecondsMax = 1_600;
    private const int BusPerThousand = 250;
    private const int NodePerThousand = 500;
    private const int Doors = 2;

    /// <summary>Mostly such as keep services running: what is off cannot have two owners.</summary>
    private static readonly string[] Verbs =
        ["enable", "enable", "enable", "relocate", "relocate", "relocate", "restart", "restart", "disable", "stop"];

    /// <summary>The commands of a round, by time.</summary>
    /// <param name="chance">The dice.</param>
    /// <param name="cluster">Whose services.</param>
    /// <param name="round">Makes the request ids of rounds differ.</param>
    /// <param name="length">No command is given later.</param>
    public static ImmutableArray<Order> Draw(Chance chance, StormCluster cluster, string round, TimeSpan length)
    {
        ImmutableArray<Order>.Builder orders = ImmutableArray.CreateBuilder<Order>();
        for (TimeSpan at = Gap(chance); at < length; at += Gap(chance))
        {
            string verb = chance.OneOf(Verbs);
            string? node = verb is "enable" or "relocate" && chance.PerThousand(NodePerThousand) ? chance.OneOf(cluster.Nodes) : null;
            bool isOnBus = chance.PerThousand(BusPerThousand);
            orders.Add(new Order(at, $"{round}-{orders.Count + 1}", chance.OneOf(cluster.Services), verb, node, isOnBus, chance.Below(Doors)));
        }

        return orders.ToImmutable();
    }

    private static TimeSpan Gap(Chance chance) => TimeSpan.FromMilliseconds(chance.Between(GapMillisecondsMin, GapMillisecondsMax));
}
