using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Operations;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Nodes;

/// <summary>A node: its power, its clock, its disk, and what truly runs on it, whatever anybody believes.</summary>
/// <remarks>
/// A machine may carry a second executor of the same name by mistake, with a guard and a disk of its own: that is another one of these,
/// which shares power, clock and network with the first.
/// </remarks>
internal sealed class Machine
{
    private const int GuardStartsAfterMax = 200;

    private static readonly int[] RatesPerMille = [-40, -40, -10, 0, 10, 40];

    private readonly Dictionary<ServiceName, long> _hangsUntil = [];
    private readonly Dictionary<ServiceName, int> _versions = [];
    private readonly HashSet<object> _agents = [];
    private readonly double _rate;
    private readonly Machine? _first;
    private Life _life;
    private Life? _startsIn;
    private long _bootedAt;
    private int _lives;
    private bool _knowsLife;

    public Machine(SimulatedCluster cluster, int index)
    {
        Cluster = cluster;
        Host = (Host)index;
        Name = cluster.Configuration.Nodes[index].Name;
        // Clocks differ by up to 4 percent. The margin is there for this (rule S2), and covers ttl and stop deadline together.
        _rate = 1 + (cluster.World.Chance.OneOf(RatesPerMille) / 1000.0);
        _life = new Life(Name.Value, Host);
    }

    /// <summary>A second executor of that name on the same machine.</summary>
    public Machine(Machine first)
    {
        (Cluster, Host, Name, _first, _life) = (first.Cluster, first.Host, first.Name, first, first.Life);
        first.Second = this;
    }

    public SimulatedCluster Cluster { get; }

    public NodeName Name { get; }

    public Host Host { get; }

    public Life Life => _first?.Life ?? _life;

    /// <summary>The second executor of this name; null where none is.</summary>
    public Machine? Second { get; private set; }

    public GuardProcess? Guard { get; private set; }

    public bool IsOn => !Life.IsDead;

    /// <summary>True time, in milliseconds, at which it last lost its power.</summary>
    public long OffSince { get; private set; }

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
    public long Clock => _first?.Clock ?? (long)((Cluster.World.Now - _bootedAt) * _rate) + 1;

    /// <summary>True milliseconds until this machine's clock shows that instant.</summary>
    public long Until(long instant) => _first?.Until(instant) ?? Math.Max(0, (long)Math.Ceiling((instant - Clock) / _rate));

    public void SwitchOn()
    {
        if (IsOn && Guard is not null)
        {
            return;
        }

        _life = new Life(Name.Value, Host);
        _bootedAt = Cluster.World.Now;
        Cluster.World.Tell($"{Name}: power on");
        StartGuard();
    }

    public void SwitchOff(string why)
    {
        if (_first is not null)
        {
            _first.SwitchOff(why);
        }
        else if (IsOn)
        {
            Cluster.World.Tell($"{Name}: power off ({why}); it ran {string.Join(", ", [.. Running.Keys, .. Second is { } second ? second.Running.Keys.ToArray() : []])}");
            Running.Clear();
            Second?.Running.Clear();
            Cluster.Judge.Look();
            _hangsUntil.Clear();
            Cluster.World.Kill(Life);
            OffSince = Cluster.World.Now;
        }
    }

    /// <summary>A new guard, unless one is about to start anyway.</summary>
    public void StartGuard()
    {
        if (_startsIn == Life)
        {
            return;
        }

        _startsIn = Life;
        Cluster.World.After(Cluster.World.Chance.Between(20, GuardStartsAfterMax), Life, () =>
        {
            _startsIn = null;
            Guard = new GuardProcess(this);
            Guard.Start();
        });
    }

    /// <summary>Stops of this service have no effect for a while.</summary>
    public void Hang(ServiceName service, int milliseconds) => _hangsUntil[service] = Cluster.World.Now + milliseconds;

    public bool Hangs(ServiceName service) => _first?.Hangs(service) ?? _hangsUntil.GetValueOrDefault(service) > Cluster.World.Now;

    /// <summary>A start agent: somewhen within its time the service runs, whoever is dead by then.</summary>
    public void BeginAgent(ServiceName service, Incarnation incarnation, int version, int duration)
    {
        object agent = new();
        _agents.Add(agent);
        Cluster.World.After(Cluster.World.Chance.Between(0, duration), Life, () =>
        {
            if (_agents.Remove(agent))
            {
                Run(service, incarnation, version);
            }
        });
    }

    /// <summary>Kills every agent under way, whoever began it.</summary>
    public void KillAgents()
    {
        if (!Cluster.World.Breaks(Mutation.OrphansIgnored))
        {
            _agents.Clear();
        }
    }

    /// <summary>The resources of one version of the configuration run from now on.</summary>
    private void Run(ServiceName service, Incarnation incarnation, int version)
    {
        Cluster.World.Tell($"{Name}: {service} runs, in {incarnation}, as of version {version}");
        Running[service] = incarnation;
        _versions[service] = version;
        Cluster.Judge.Look();
    }

    /// <summary>What the monitors of that version's resources say; each version has other ones.</summary>
    public bool Runs(ServiceName service, int version) => Running.ContainsKey(service) && _versions[service] == version;

    /// <summary>Ends what runs of a service.</summary>
    /// <param name="service">Which.</param>
    /// <param name="how">For the transcript.</param>
    /// <param name="version">Only the resources of that version; null ends whatever runs.</param>
    public void End(ServiceName service, string how, int? version = null)
    {
        if ((version is null || Runs(service, version.Value)) && Running.Remove(service))
        {
            Cluster.World.Tell($"{Name}: {service} runs no more ({how})");
        }
    }

    /// <summary>What a person finds who looks: false when that life of the node runs nothing and can begin nothing.</summary>
    public bool MayLive(Incarnation incarnation) =>
        IsOn && (Running.ContainsValue(incarnation) || (Incarnation == incarnation && Guard is { Life.IsDead: false }));

    /// <summary>The state directory is gone: nobody here knows any earlier life.</summary>
    public void LoseDisk()
    {
        Journal.Clear();
        Ended.Clear();
        Operations = default;
        _knowsLife = false;
    }

    /// <summary>A new life of this node, on disk before anybody hears of it.</summary>
    public void MintIncarnation()
    {
        if (_knowsLife)
        {
            Ended.Add(Incarnation);
        }

        Incarnation = new Incarnation($"{Name}{(_first is null ? "" : "b")}-{++_lives}");
        _knowsLife = true;
        Journal.Clear();
    }
}
