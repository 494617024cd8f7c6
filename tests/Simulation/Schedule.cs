using System.Globalization;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation;

/// <summary>One schedule: a cluster forms, everything goes wrong for a while, everything heals, and all is judged. A seed is all there is to it.</summary>
internal static class Schedule
{
    private const int CalmMin = 2_500;
    private const int CalmMax = 6_000;
    private const int TroubleMin = 8_000;
    private const int TroubleMax = 20_000;
    private const int FaultEveryMax = 750;
    private const int SettledWithin = 240_000;
    private const int LookEvery = 500;
    private const int EventsMax = 400_000;
    private const int EventsMin = 500;

    /// <summary>Plays the schedule of a seed.</summary>
    /// <param name="seed">Any.</param>
    /// <param name="mutation">The rule to break.</param>
    /// <param name="transcript">Takes the transcript; null where nobody reads it.</param>
    public static Outcome Play(ulong seed, Mutation mutation, List<string>? transcript)
    {
        World world = new(seed, mutation, transcript);
        SimulatedCluster cluster = new(world);
        Operator @operator = new(cluster);
        Faults faults = new(cluster, @operator);
        world.Tell($"seed {seed}: {cluster.Configuration.Services.Length} services, {(cluster.IsSelfFencing ? "self-fencing nodes" : "fence devices alone")}");
        cluster.Start();
        long trouble = world.Chance.Between(CalmMin, CalmMax);
        long healing = trouble + world.Chance.Between(TroubleMin, TroubleMax);
        world.After(trouble, null, () =>
        {
            faults.Begin();
            InjectUntil(world, faults, healing);
        });
        bool isHealed = false;
        bool isSettled = false;
        long lookAt = healing;
        while (!isSettled && world.Violations.Count == 0 && world.Events < EventsMax && world.Step())
        {
            if (world.Now >= healing && !isHealed)
            {
                faults.HealAll();
                isHealed = true;
            }

            if (isHealed && world.Now >= lookAt)
            {
                lookAt = world.Now + LookEvery;
                isSettled = world.Events >= EventsMin && cluster.Judge.Unsettled() is null;
                @operator.WantAllStarted();
                @operator.Acknowledge();
                @operator.SwitchOn();
                @operator.AcceptArbiter();
                Expire(world, cluster, healing + SettledWithin);
            }
        }

        if (!isSettled && world.Violations.Count == 0)
        {
            world.Violate(string.Create(CultureInfo.InvariantCulture, $"after {world.Events} events it is not over: {cluster.Judge.Unsettled()}"));
        }

        return new Outcome(seed, world.Events, world.Now, world.Violations);
    }

    private static void Expire(World world, SimulatedCluster cluster, long latest)
    {
        if (world.Now > latest && cluster.Judge.Unsettled() is { } unsettled)
        {
            world.Violate($"long after everything healed: {unsettled}");
        }
    }

    private static void InjectUntil(World world, Faults faults, long end)
    {
        if (world.Now < end)
        {
            faults.Inject();
            world.After(world.Chance.Between(1, FaultEveryMax), null, () => InjectUntil(world, faults, end));
        }
    }
}
