using Quorate.Quorum.Core;
using Quorate.Tests.Simulation.Arbiter;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Simulation.Nodes;

namespace Quorate.Tests.Simulation;

/// <summary>What goes wrong. Each fault ends by itself after a while; <see cref="HealAll"/> ends them all.</summary>
internal sealed class Faults(SimulatedCluster cluster, Operator @operator)
{
    private const int SessionEndsAfter = 2_500;
    private const int LongestPause = 6_000;
    private const int LongestCut = 8_000;
    private const int LongestGoBack = 6_000;
    private const int LeaveMin = 500;
    private const int LeaveMax = 5_000;

    private static readonly Host[] Anyone = [Host.N1, Host.N2, Host.N3, Host.Q1, Host.Q2, Host.S1, Host.S2];
    private static readonly Host[] Servers = [Host.Database, Host.Broker];
    private static readonly int[] Ttls = [2_000, 1_000, 1_000, 3_000];

    private readonly World _world = cluster.World;
    private readonly List<Life> _paused = [];

    private Chance Chance => _world.Chance;

    /// <summary>Some schedules are troubled all along.</summary>
    public void Begin()
    {
        cluster.Network.Trouble = Chance.OneOf([0, 10, 30, 60]);
        cluster.Store.Slowness = Chance.OneOf([0, 0, 0, 20]);
    }

    /// <summary>One fault, or something an operator does.</summary>
    public void Inject()
    {
        switch (Chance.Below(37))
        {
            case 0 or 1: KillExecutor(); break;
            case 2 or 3: PauseExecutor(); break;
            case 4: PowerLoss(); break;
            case 5: PauseMachine(); break;
            case 6: KillGuard(); break;
            case 7: KillReplica(); break;
            case 8 or 9: PauseReplica(); break;
            case 10: Isolate(); break;
            case 11 or 12: CutPair(); break;
            case 13: Outage(Chance.OneOf(Servers)); break;
            case 14: StepClock(); break;
            case 15: BreakService(); break;
            case 16 or 17: HangStops(); break;
            case 18: cluster.Network.Trouble = Chance.OneOf([5, 20, 60, 150]); break;
            case 19: BreakDevice(); break;
            case 20: cluster.Store.Slowness = Chance.OneOf([0, 10, 40]); break;
            case 21: @operator.Acknowledge(); break;
            case 22 or 23 or 24: LoseAndHang(); break;
            case 25: Leave(); break;
            case 26: LoseDisk(); break;
            case 27: BeginSecond(); break;
            case 28: @operator.Fence(); break;
            case 29 or 30: ChangeConfiguration(); break;
            case 31: GoBack(); break;
            default: @operator.Command(); break;
        }
    }

    /// <summary>Everything works again, everybody is there.</summary>
    public void HealAll()
    {
        _world.Tell($"all faults end");
        cluster.Network.HealAll();
        cluster.StartFailures = 0;
        (cluster.Store.UnknownCommits, cluster.Store.Slowness) = (0, 0);
        cluster.RepairDevices();
        foreach (Host host in Anyone)
        {
            cluster.StepClock(host, 0);
        }

        _paused.ForEach(_world.Resume);
        _paused.Clear();
        for (int index = 0; index < 2; index++)
        {
            cluster.StartQuorum(index);
            cluster.StartScheduler(index);
        }

        foreach (Machine machine in cluster.Machines)
        {
            machine.SwitchOn();
            EndSecond(machine);
            // One that was just about to start.
            _world.After(LeaveMin, machine.Life, () => EndSecond(machine));
        }
    }

    private Machine AnyMachine() => Chance.OneOf(cluster.Machines);

    private void KillExecutor()
    {
        if (AnyMachine() is { IsOn: true, Guard: { Life.IsDead: false } guard })
        {
            guard.KillExecutor("a crash");
            guard.StartExecutor();
        }
    }

    private void PauseExecutor()
    {
        if (AnyMachine() is { IsOn: true, Guard.Executor: { Life.IsDead: false } executor })
        {
            Pause(executor.Life);
        }
    }

    private void PowerLoss()
    {
        Machine machine = AnyMachine();
        machine.SwitchOff("power loss");
        cluster.SwitchOnLater(machine);
        _world.After(Chance.Between(2_000, 6_000), null, @operator.Acknowledge);
    }

    /// <summary>The administrator stops a node and starts it again.</summary>
    private void Leave()
    {
        if (AnyMachine() is { IsOn: true, Guard: { Life.IsDead: false } guard } machine)
        {
            guard.Leave();
            _world.After(Chance.Between(LeaveMin, LeaveMax), machine.Life, () => ComeBack(machine, guard));
        }
    }

    /// <summary>Once it has left: whoever starts it before finds it there.</summary>
    private void ComeBack(Machine machine, GuardProcess left)
    {
        if (machine.Guard == left && left.Life.IsDead)
        {
            machine.StartGuard();
        }
        else if (machine.Guard == left)
        {
            _world.After(LeaveMin, machine.Life, () => ComeBack(machine, left));
        }
    }

    /// <summary>A node comes back with an empty state directory: it can prove nothing about its earlier lives.</summary>
    private void LoseDisk()
    {
        Machine machine = AnyMachine();
        machine.SwitchOff("its disk is lost");
        machine.LoseDisk();
        cluster.SwitchOnLater(machine);
        _world.After(Chance.Between(2_000, 6_000), null, @operator.Acknowledge);
    }

    /// <summary>Somebody starts a second executor of the same name on a machine, and later sees the mistake.</summary>
    private void BeginSecond()
    {
        if (AnyMachine() is { IsOn: true, Second: null or { Guard: null or { Life.IsDead: true } } } machine)
        {
            _world.Tell($"{machine.Name}: somebody starts a second executor of this name");
            (machine.Second ?? new Machine(machine)).StartGuard();
            _world.After(Chance.Between(1_000, LongestCut), machine.Life, () => EndSecond(machine));
        }
    }

    private static void EndSecond(Machine machine)
    {
        if (machine is { IsOn: true, Second.Guard: { Life.IsDead: false } guard })
        {
            guard.Leave();
        }
    }

    /// <summary>Only where time does not fence: the pause of a whole machine leaves a window that only a device closes (rule S7).</summary>
    private void PauseMachine()
    {
        if (!cluster.TimeFences && AnyMachine() is { IsOn: true } machine)
        {
            Pause(machine.Life);
        }
    }

    /// <summary>As <see cref="PauseMachine"/>: who relies on time relies on the guard.</summary>
    private void KillGuard()
    {
        if (!cluster.TimeFences && AnyMachine() is { IsOn: true, Guard: { Life.IsDead: false } guard })
        {
            guard.Die();
        }
    }

    /// <summary>One wide step, or a clock that is set forward in many small ones, each too small to look like a gap.</summary>
    private void StepClock()
    {
        Host host = Chance.OneOf(Anyone);
        if (Chance.PerThousand(500))
        {
            cluster.StepClock(host, Chance.Between(-8_000, 8_000));
            return;
        }

        int step = Chance.Between(50, 400);
        _world.Tell($"{host}: its wall clock is set forward by {step} ms again and again");
        for (int times = 1; times <= Chance.Between(5, 25); times++)
        {
            _world.After(times * 150, null, () => cluster.StepClock(host, cluster.SkewOf(host) + step));
        }
    }

    private void KillReplica()
    {
        int index = Chance.Below(2);
        int downtime = Chance.Between(50, 3_000);
        if (Chance.PerThousand(500))
        {
            int ttl = Chance.OneOf(Ttls);
            Kill(cluster.QuorumReplicas.ElementAt(index).Life);
            _world.After(downtime, null, () => cluster.StartQuorum(index, ttl));
        }
        else
        {
            Kill(cluster.Schedulers.ElementAt(index).Life);
            _world.After(downtime, null, () => cluster.StartScheduler(index));
        }
    }

    private void Kill(Life life)
    {
        _world.Tell($"{life}: killed");
        _world.Kill(life);
    }

    private void PauseReplica()
    {
        List<Life> lives = [.. cluster.QuorumReplicas.Select(replica => replica.Life), .. cluster.Schedulers.Select(replica => replica.Life)];
        Pause(Chance.OneOf(lives));
    }

    private void Pause(Life life)
    {
        int duration = Chance.PerThousand(500) ? Chance.Between(50, 1_000) : Chance.Between(1_000, LongestPause);
        _world.Tell($"{life}: stands still for {duration} ms");
        _world.Pause(life);
        _paused.Add(life);
        _world.After(duration, null, () => Resume(life));
        // The server ends sessions that say nothing for long.
        _world.After(SessionEndsAfter, null, () => cluster.Store.EndSessions(transaction => transaction.Life == life && life.IsPaused));
    }

    private void Resume(Life life)
    {
        if (_paused.Remove(life))
        {
            _world.Tell($"{life}: goes on");
            _world.Resume(life);
        }
    }

    private void Isolate()
    {
        Host host = Chance.OneOf(Anyone);
        int way = Chance.Below(3);
        int duration = Chance.Between(200, LongestCut);
        _world.Tell($"{host}: cut off for {duration} ms, {(way == 0 ? "both ways" : way == 1 ? "hears nobody" : "nobody hears it")}");
        foreach (Host other in Enum.GetValues<Host>())
        {
            Cut(host, other, way, duration);
        }
    }

    private void CutPair()
    {
        (Host one, Host other) = (Chance.OneOf(Anyone), Chance.PerThousand(600) ? Chance.OneOf(Servers) : Chance.OneOf(Anyone));
        int way = Chance.Below(3);
        int duration = Chance.Between(200, LongestCut);
        _world.Tell($"{one} and {other}: cut for {duration} ms, way {way}");
        Cut(one, other, way, duration);
    }

    private void Cut(Host host, Host other, int way, int duration)
    {
        if (way != 1)
        {
            cluster.Network.Cut(host, other, true);
            _world.After(duration, null, () => cluster.Network.Cut(host, other, false));
        }

        if (way != 2)
        {
            cluster.Network.Cut(other, host, true);
            _world.After(duration, null, () => cluster.Network.Cut(other, host, false));
        }
    }

    private void Outage(Host host)
    {
        int duration = Chance.PerThousand(500) ? Chance.Between(50, 1_200) : Chance.Between(1_200, LongestCut);
        _world.Tell($"{host}: gone for {duration} ms");
        cluster.Network.TakeDown(host, true);
        if (host == Host.Database)
        {
            cluster.Store.EndEverySession();
        }

        _world.After(duration, null, () => cluster.Network.TakeDown(host, false));
        cluster.Store.UnknownCommits = Chance.Below(6);
    }

    /// <summary>The database comes back as it was a while ago. What it forgot may have run long since.</summary>
    private void GoBack()
    {
        var kept = cluster.Store.Keep();
        ArbiterState before = Arbiter();
        int behind = Chance.Between(200, LongestGoBack);
        _world.After(behind, null, () =>
        {
            bool isNoticed = cluster.ArbiterMemories.Count == 2
                && cluster.ArbiterMemories.Values.All(memory => memory.Era == before.Era && memory.Sequence > before.Sequence);
            if (!isNoticed || Arbiter().Era != before.Era)
            {
                // A gap of rule S14: what a replica does not remember, nobody can miss.
                return;
            }

            _world.Tell($"Database: goes back by {behind} ms");
            cluster.Store.Restore(kept);
            Outage(Host.Database);
        });
    }

    private ArbiterState Arbiter() => cluster.Store.Peek<ArbiterRow>(ArbiterRow.Key)?.State ?? ArbiterState.New;

    /// <summary>Each scheduler gets it when it is started again; for a while the two have different versions.</summary>
    private void ChangeConfiguration()
    {
        cluster.ChangeConfiguration();
        for (int index = 0; index < 2; index++)
        {
            int which = index;
            _world.After(Chance.Between(1, LeaveMax), null, () =>
            {
                Kill(cluster.Schedulers.ElementAt(which).Life);
                _world.After(Chance.Between(50, 1_000), null, () => cluster.StartScheduler(which));
            });
        }
    }

    private void BreakService()
    {
        Machine machine = AnyMachine();
        if (machine.Running.Count > 0 && Chance.PerThousand(700))
        {
            machine.End(Chance.OneOf([.. machine.Running.Keys]), "it crashed");
        }
        else
        {
            cluster.StartFailures = Chance.OneOf([0, 0, 100, 300]);
        }
    }

    /// <summary>Network and disk at once: who runs there runs on until it is destroyed.</summary>
    private void LoseAndHang()
    {
        Machine machine = cluster.Machines.FirstOrDefault(busy => busy.Running.Count > 0 && Chance.PerThousand(500)) ?? AnyMachine();
        int duration = Chance.Between(3_500, LongestCut);
        _world.Tell($"{machine.Name}: cut off, and its stops hang, for {duration} ms");
        foreach (Host other in Enum.GetValues<Host>())
        {
            Cut(machine.Host, other, way: 0, duration);
        }

        Hang(machine, duration);
    }

    private void HangStops()
    {
        Machine machine = AnyMachine();
        int duration = Chance.Between(500, LongestPause);
        _world.Tell($"{machine.Name}: stops hang for {duration} ms");
        Hang(machine, duration);
    }

    private void Hang(Machine machine, int duration) => cluster.Services.ToList().ForEach(service => machine.Hang(service, duration));

    private void BreakDevice()
    {
        Machine machine = AnyMachine();
        int method = Chance.Below(2);
        _world.Tell($"{machine.Name}: fence method {method} does not work");
        cluster.Break(machine.Name, method);
        if (Chance.PerThousand(400))
        {
            cluster.RepairDevices();
        }
    }
}
