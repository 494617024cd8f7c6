using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;
using Quorate.Tests.Simulation.Arbiter;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Simulation.Nodes;
using Quorate.Tests.Simulation.Placing;

namespace Quorate.Tests.Simulation;

/// <summary>Three nodes, two replicas of quorum and of the scheduler, a database, a broker and an operator; who of them is there now.</summary>
internal sealed class SimulatedCluster
{
    /// <summary>The promise of every node, in milliseconds after its lease.</summary>
    public const long StopDeadline = 1_000;

    /// <summary>The address of what every node hears.</summary>
    public const string EveryNode = "executors";

    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>In one cluster of four it is shorter than the second for which a node that knows no ttl may pause.</summary>
    private static readonly ImmutableArray<int> Ttls = [2_000, 2_000, 2_000, 600];

    private const int OutboxPause = 20;
    private const int OutboxBatch = 10;

    private readonly int _ttl;
    private readonly Dictionary<Host, long> _skews = [];
    private readonly SortedSet<(NodeName, int)> _brokenDevices = [];
    private readonly QuorumReplica?[] _quorum = new QuorumReplica?[2];
    private readonly SchedulerReplica?[] _schedulers = new SchedulerReplica?[2];

    public SimulatedCluster(World world)
    {
        World = world;
        // Some have both, some either, and some neither: those wait for the operator, or for the node to come back.
        IsSelfFencing = world.Chance.PerThousand(550);
        _ttl = world.Chance.OneOf(Ttls);
        Configuration = RandomConfiguration.Of(world.Chance, hasDevices: world.Chance.PerThousand(IsSelfFencing ? 300 : 650));
        Network = new Network(world);
        Bus = new Bus(world, Network);
        Store = new Store(world, Network);
        Judge = new Judge(this);
        Machines = [.. Configuration.Nodes.Select((_, index) => new Machine(this, index))];
        foreach (ServiceName service in Services)
        {
            Store.Plant(ServiceRow.KeyOf(service), new ServiceRow(Scheduler.Core.ServiceRecord.New(service, Epoch), 1));
        }
    }

    public World World { get; }

    /// <summary>The newest version of <c>cluster.conf</c>; each scheduler has the one it was started with.</summary>
    public ClusterConfiguration Configuration { get; private set; }

    /// <summary>What the hosts of quorum have on disk about the arbiter.</summary>
    public Dictionary<Host, ArbiterSight> ArbiterMemories { get; } = [];

    public Network Network { get; }

    public Bus Bus { get; }

    public Store Store { get; }

    public Judge Judge { get; }

    public ImmutableArray<Machine> Machines { get; }

    /// <summary>Second executors of a name among them.</summary>
    public IEnumerable<Machine> AllMachines => Machines.SelectMany(machine => machine.Second is { } second ? new[] { machine, second } : [machine]);

    /// <summary>True when guards destroy what they cannot stop.</summary>
    public bool IsSelfFencing { get; }

    /// <summary>True when that is all there is, so that time fences (rule S7); else only devices and the operator do.</summary>
    public bool TimeFences => IsSelfFencing && !Configuration.Nodes.Any(node => node.HasFenceDevice);

    /// <summary>Per thousand starts that fail.</summary>
    public int StartFailures { get; set; }

    public IEnumerable<ServiceName> Services => Configuration.Services.Select(service => service.Name);

    public IEnumerable<QuorumReplica> QuorumReplicas => _quorum.OfType<QuorumReplica>();

    public IEnumerable<SchedulerReplica> Schedulers => _schedulers.OfType<SchedulerReplica>();

    public void Start()
    {
        for (int index = 0; index < 2; index++)
        {
            StartQuorum(index);
            StartScheduler(index);
        }

        foreach (Machine machine in Machines)
        {
            World.After(World.Chance.Between(0, 500), null, machine.SwitchOn);
        }
    }

    /// <summary>A new process of that replica, with its settings of today.</summary>
    public void StartQuorum(int index, int? ttl = null)
    {
        if (_quorum[index] is { Life.IsDead: false })
        {
            return;
        }

        _quorum[index] = new QuorumReplica(this, index == 0 ? Host.Q1 : Host.Q2, QuorumTiming.For(TimeSpan.FromMilliseconds(ttl ?? _ttl)));
        _quorum[index]!.Start(); // Set in the line before.
    }

    public void StartScheduler(int index)
    {
        if (_schedulers[index] is { Life.IsDead: false })
        {
            return;
        }

        _schedulers[index] = new SchedulerReplica(this, index == 0 ? Host.S1 : Host.S2);
        _schedulers[index]!.Start(); // Set in the line before.
    }

    /// <summary>A new version, with other resources in each service. Whoever is started from now on has it.</summary>
    public void ChangeConfiguration()
    {
        int version = Configuration.Version + 1;
        Configuration = Configuration with { Version = version, Digest = version.ToString("x64", CultureInfo.InvariantCulture) };
        World.Tell($"version {version} of the configuration");
    }

    public Machine MachineOf(NodeName node) => Machines.Single(machine => machine.Name == node);

    /// <summary>Where a replica of quorum or of the scheduler hears how far the arbiter was seen to count.</summary>
    public static string SeenQueueOf(Host host) => $"arbiter/{host}";

    public string QueueOf(NodeName node, Incarnation incarnation) =>
        World.Breaks(Mutation.IncarnationUnchecked) ? $"executor/{node}" : $"executor/{node}/{incarnation}";

    public DateTimeOffset WallOf(Host host) => Epoch.AddMilliseconds(World.Now + SkewOf(host));

    public long SkewOf(Host host) => _skews.GetValueOrDefault(host);

    public void StepClock(Host host, long skew) => _skews[host] = skew;

    public bool StartFails() => World.Chance.PerThousand(StartFailures);

    public bool IsBroken(NodeName node, int method) => _brokenDevices.Contains((node, method));

    public void Break(NodeName node, int method) => _brokenDevices.Add((node, method));

    public void RepairDevices() => _brokenDevices.Clear();

    public void SwitchOnLater(Machine machine) => World.After(World.Chance.Between(300, 5_000), null, machine.SwitchOn);

    /// <summary>Sends what was committed, in order; whoever dies in between leaves it to be sent again.</summary>
    public async Task SendOutboxAsync(Life sender)
    {
        while (true)
        {
            await World.Delay(OutboxPause, sender);
            if (Store.Outbox.Count == 0 || !Network.Connects(sender.Host, Host.Broker))
            {
                continue;
            }

            using Transaction work = Store.Begin(sender);
            try
            {
                if (await work.TryLockAsync("outbox"))
                {
                    await SendBatchAsync(work, sender);
                }
            }
            catch (StoreGoneException)
            {
                // The rows are still there.
            }
        }
    }

    private async Task SendBatchAsync(Transaction work, Life sender)
    {
        foreach (Envelope envelope in Store.Outbox.Take(OutboxBatch).ToList())
        {
            if (!Publish(sender.Host, envelope))
            {
                return;
            }

            await World.Delay(1, sender);
            if (!work.IsOpen)
            {
                return;
            }

            Store.Sent(envelope);
        }
    }

    private bool Publish(Host from, Envelope envelope) => envelope.Queue == EveryNode
        ? Bus.NodeQueues.All(queue => Bus.Publish(from, new Envelope(queue, envelope.Message)))
        : Bus.Publish(from, envelope);
}
