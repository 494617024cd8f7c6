using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Operations;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Nodes;

/// <summary>A node: its power, its clock, its disk, and what truly runs on it, whatever anybody believes.</summary>
internal sealed class Machine
{
    private const int GuardStartsAfterMax = 200;

    private static readonly int[] RatesPerMille = [-40, -40, -10, 0, 10, 40];

    private readonly Dictionary<ServiceName, long> _hangsUntil = [];
    private readonly double _rate;
    private long _bootedAt;
    private int _lives;

    public Machine(SimulatedCluster cluster, int index)
    {
        Cluster = cluster;
        Host = (Host)index;
        Name = cluster.Configuration.Nodes[index].Name;
        // Clocks differ by up to 4 percent. The margin is there for this (rule S2), and covers ttl and stop deadline together.
        _rate = 1 + (cluster.World.Chance.OneOf(RatesPerMille) / 1000.0);
        Life = new Life(Name.Value, Host);
    }

    public SimulatedCluster Cluster { get; }

    public NodeName Name { get; }

    public Host Host { get; }

    public Life Life { get; private set; }

    public GuardProcess? Guard { get; private set; }

    public bool IsOn => !Life.IsDead;

    /// <summary>What runs, and in which life of this node it was started.</summary>
    public SortedDictionary<ServiceName, Incarnation> Running { get; } = [];

    /// <summary>On disk: the guard's journal.</summary>
    public SortedDictionary<ServiceName, JournalEntry> Journal { get; } = [];

    /// <summary>On disk: the operations the executor has taken, of one incarnation.</summary>
    public (Incarnation Of, SortedDictionary<ServiceName, TakenOperation> Taken) Operations { get; set; }

    /// <summary>On disk.</summary>
    public Incarnation Incarnation { get; private set; }

    /// <summary>The incarnation that may begin services here now; null where none may.</summary>
    public Incarnation? LeasedIncarnation => IsOn && Guard is { Life.IsDead: false, MayServe: true } ? Incarnation : null;

    /// <summary>On disk: earlier incarnations, all proven ended.</summary>
    public List<Incarnation> Ended { get; } = [];

    /// <summary>Milliseconds of CLOCK_BOOTTIME.</summary>
    public long Clock => (long)((Cluster.World.Now - _bootedAt) * _rate) + 1;

    /// <summary>True milliseconds until this machine's clock shows that instant.</summary>
    public long Until(long instant) => Math.Max(0, (long)Math.Ceiling((instant - Clock) / _rate));

    public void SwitchOn()
    {
        if (IsOn && Guard is not null)
        {
            return;
        }

        Life = new Life(Name.Value, Host);
        _bootedAt = Cluster.World.Now;
        Cluster.World.Tell($"{Name}: power on");
        StartGuard();
    }

    public void SwitchOff(string why)
    {
        if (IsOn)
        {
            Cluster.World.Tell($"{Name}: power off ({why}); it ran {string.Join(", ", Running.Keys)}");
            Running.Clear();
            Cluster.Judge.Look();
            _hangsUntil.Clear();
            Cluster.World.Kill(Life);
        }
    }

    public void StartGuard() => Cluster.World.After(
        Cluster.World.Chance.Between(20, GuardStartsAfterMax), Life, () => (Guard = new GuardProcess(this)).Start());

    /// <summary>Stops of this service have no effect for a while.</summary>
    public void Hang(ServiceName service, int milliseconds) => _hangsUntil[service] = Cluster.World.Now + milliseconds;

    public bool Hangs(ServiceName service) => _hangsUntil.GetValueOrDefault(service) > Cluster.World.Now;

    public void Run(ServiceName service, Incarnation incarnation)
    {
        Cluster.World.Tell($"{Name}: {service} runs, in {incarnation}");
        Running[service] = incarnation;
        Cluster.Judge.Look();
    }

    public void End(ServiceName service, string how)
    {
        if (Running.Remove(service))
        {
            Cluster.World.Tell($"{Name}: {service} runs no more ({how})");
        }
    }

    /// <summary>A new life of this node, on disk before anybody hears of it.</summary>
    public void MintIncarnation()
    {
        if (_lives > 0)
        {
            Ended.Add(Incarnation);
        }

        Incarnation = new Incarnation($"{Name}-{++_lives}");
        Journal.Clear();
    }
}
