using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;
using Quorate.Model.Fencing;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>A small cluster in words: nodes, domains, services, who is online, and the record of each service.</summary>
internal sealed partial class Cluster
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ResourceType ServiceType = new()
    {
        Name = "service",
        Parameters = [new ResourceParameter("name", true, true, true, false, null, null)],
        Actions = [],
        Children = [],
        MaxInstances = 0,
    };

    private readonly List<ClusterNode> _nodes = [];
    private readonly List<ServiceDefinition> _services = [];
    private readonly Dictionary<NodeName, (NodeState State, Incarnation Incarnation)> _states = [];
    private ImmutableSortedDictionary<string, FailoverDomain> _domains =
        ImmutableSortedDictionary.Create<string, FailoverDomain>(StringComparer.OrdinalIgnoreCase);

    public Cluster(params string[] nodes)
    {
        foreach (string node in nodes)
        {
            _nodes.Add(new ClusterNode(new(node), _nodes.Count + 1, 1));
            _states[new(node)] = (NodeState.Online, Life(node));
        }
    }

    public Dictionary<ServiceName, ServiceRecord> Records { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    public long Generation { get; set; } = 1;

    public bool IsQuorate { get; set; } = true;

    public bool IsMaintenance { get; set; }

    public bool IsDisabled { get; set; }

    public bool IsLocked { get; set; }

    public HashSet<string> Drained { get; } = [];

    public HashSet<ServiceName> Parked { get; } = [];

    public ClusterConfiguration Configuration => _inForce ?? new()
    {
        ClusterName = "test",
        Version = 1,
        Digest = new string('0', 64),
        Nodes = [.. _nodes],
        Quorum = new QuorumSettings(_nodes.Count, false, null),
        ResourceManager = new ResourceManagerSettings(IsDisabled, TimeSpan.FromSeconds(10)),
        FailoverDomains = _domains,
        Services = [.. _services],
    };

    public MembershipView Membership => new(Generation, IsQuorate, _nodes.Select(node => new MemberNode
    {
        Name = node.Name,
        Id = node.Id,
        State = _states[node.Name].State,
        Votes = 1,
        Incarnation = _states[node.Name].Incarnation,
        Since = Start,
        IsDrained = Drained.Contains(node.Name.Value),
    }), IsMaintenance, IsLocked);

    public static Incarnation Life(string node, int number = 1) => new($"{node}-{number}");

    public static NodeName N(string node) => new(node);

    /// <summary>Members as <c>name</c> or <c>name(priority)</c>.</summary>
    public Cluster Domain(string name, string members, bool ordered = false, bool restricted = false, bool nofailback = false)
    {
        ImmutableArray<FailoverDomainMember> read = [.. members.Split(' ').Select(Member)];
        _domains = _domains.SetItem(name, new FailoverDomain(name, ordered, restricted, nofailback, read));
        return this;
    }

    public Cluster Service(
        string name, string? domain = null, bool autostart = true, int exclusive = 0, RecoveryPolicy recovery = RecoveryPolicy.Restart,
        int maxRestarts = 0, int expireSeconds = 0, string? depend = null, StopFailurePolicy onStopFailure = StopFailurePolicy.Hold)
    {
        ServiceName full = ServiceName.Parse(name);
        _services.Add(new ServiceDefinition
        {
            Name = full,
            Domain = domain,
            IsAutostart = autostart,
            Exclusive = exclusive,
            Recovery = recovery,
            MaxRestarts = maxRestarts,
            RestartExpireTime = TimeSpan.FromSeconds(expireSeconds),
            OnStopFailure = onStopFailure,
            Dependencies = depend is null ? [] : [new ServiceDependency(ServiceName.Parse(depend), Requirement.Always, Colocation.None)],
            Tree = new ResourceNode
            {
                Type = ServiceType,
                Name = full.Name,
                Attributes = ImmutableSortedDictionary<string, string>.Empty,
                Children = [],
                Actions = [],
                Line = 1,
            },
            Line = 1,
        });
        Records[full] = ServiceRecord.New(full, Start);
        return this;
    }

    /// <summary>What a service asks of another.</summary>
    public Cluster Ties(string name, string target, Requirement require = Requirement.None, Colocation colocate = Colocation.None)
    {
        int index = _services.FindIndex(service => service.Name == ServiceName.Parse(name));
        _services[index] = _services[index] with { Dependencies = _services[index].Dependencies.Add(new(ServiceName.Parse(target), require, colocate)) };
        return this;
    }

    /// <summary>Its own agent can move it while it runs.</summary>
    public Cluster Migratory(string name)
    {
        int index = _services.FindIndex(service => service.Name == ServiceName.Parse(name));
        ResourceNode tree = _services[index].Tree with { Actions = [new ResourceAction("migrate", 0, TimeSpan.FromMinutes(1), TimeSpan.Zero)] };
        _services[index] = _services[index] with { Tree = tree };
        return this;
    }

    /// <summary>From 0, which comes first.</summary>
    public Cluster Priority(string name, int priority)
    {
        int index = _services.FindIndex(service => service.Name == ServiceName.Parse(name));
        _services[index] = _services[index] with { Priority = priority };
        return this;
    }

    /// <summary>A fence device for each node named.</summary>
    public Cluster Fenced(params string[] nodes)
    {
        FenceMethod method = new("1", [new FenceDevice("pdu", "fence_apc", false, ImmutableSortedDictionary<string, string>.Empty)]);
        foreach (string node in nodes)
        {
            int index = _nodes.FindIndex(known => known.Name.Value == node);
            _nodes[index] = _nodes[index] with { FenceMethods = [method] };
        }

        return this;
    }

    public Cluster Node(string node, NodeState state, int life = 1)
    {
        _states[new(node)] = (state, Life(node, life));
        Generation++;
        return this;
    }

    public Cluster Running(string name, string on) => With(name, record => record with
    {
        State = ServiceState.Started,
        Owner = new NodeName(on),
        OwnerIncarnation = _states[new(on)].Incarnation,
        Epoch = 5,
        WasEvaluated = true,
        RunsBy = Configuration.Digest,
        Journey = null,
        Pending = null,
    });

    public Cluster At(string name, ServiceState state) => With(name, record => record with { State = state, WasEvaluated = true, Epoch = 5 });

    public Cluster With(string name, Func<ServiceRecord, ServiceRecord> change)
    {
        ServiceName full = ServiceName.Parse(name);
        Records[full] = change(Records[full]);
        return this;
    }

    public ServiceRecord this[string name] => Records[ServiceName.Parse(name)];

    public ServiceSituation Situation(string name) => new()
    {
        Service = this[name],
        Configuration = Configuration,
        Membership = Membership,
        Now = Now,
        Timeouts = OperationTimeouts.Default,
        Others = [.. Records.Values.Where(record => record != this[name])],
        Parked = [.. Parked],
    };

    /// <summary>Decides, keeps the next record and returns the decision.</summary>
    public Decision Decide(string name, ServiceEvent cause) => Keep(name, Lifecycle.Decide(Situation(name), cause));

    public Decision Command(string name, CommandKind kind, string? node = null, string request = "r1") =>
        Decide(name, new ServiceEvent.CommandReceived(kind, request, node is null ? null : new NodeName(node)));

    /// <summary>The pending operation ends as told.</summary>
    public Decision Ends(string name, OperationOutcome outcome, bool? isRunning = null, int? exitCode = null) =>
        Decide(name, new ServiceEvent.OperationEnded(Report(this[name], outcome, isRunning, exitCode)));

    public static OperationEnded Report(ServiceRecord record, OperationOutcome outcome, bool? isRunning = null, int? exitCode = null) => new()
    {
        Service = record.Name,
        Epoch = record.PendingEpoch,
        Attempt = record.Pending!.Attempt,
        Action = record.Pending.Action,
        Node = record.Pending.Node,
        Incarnation = record.Pending.Incarnation,
        Outcome = outcome,
        IsRunning = isRunning,
        ExitCode = exitCode,
    };

    public Decision StatusFails(string name) => Decide(name, new ServiceEvent.StatusFailed(new ServiceStatusFailed
    {
        Service = this[name].Name,
        Epoch = this[name].Epoch,
        Node = this[name].Owner!.Value,
        Incarnation = this[name].OwnerIncarnation!.Value,
        Resource = "script:x",
    }));

    public PlacementPlan Plan(PlacementEvent cause) => Planner.Plan(Placement, cause);

    public PlacementSituation Placement => new()
    {
        Configuration = Configuration,
        Membership = Membership,
        Services = [.. Records.Values],
        Parked = [.. Parked],
        Changes = Changes,
        Now = Now,
    };

    /// <summary>Nothing moves it until an operator has looked.</summary>
    public Cluster Park(string name)
    {
        Parked.Add(ServiceName.Parse(name));
        return this;
    }

    public ServicePlan PlanOf(string name, PlacementEvent cause) => Plan(cause).Services.Single(plan => plan.Service == ServiceName.Parse(name));

    /// <summary>Lets the planner look at one service and applies its word.</summary>
    public Decision Place(string name) => Place(name, new PlacementEvent.ServicesNeedPlacement([ServiceName.Parse(name)]));

    /// <summary>Lets the planner look at what an event concerns, and applies its word on one service.</summary>
    public Decision Place(string name, PlacementEvent cause) => Keep(name, Lifecycle.Apply(Situation(name), PlanOf(name, cause)));

    public static PlacementEvent Up(string node) => new PlacementEvent.NodeChanged([new(node)], []);

    public static PlacementEvent Down(string node) => new PlacementEvent.NodeChanged([], [new(node)]);

    public Decision Keep(string name, Decision decision)
    {
        Records[ServiceName.Parse(name)] = decision.Next;
        return decision;
    }

    private static FailoverDomainMember Member(string text)
    {
        string[] parts = text.TrimEnd(')').Split('(');
        return new FailoverDomainMember(new(parts[0]), parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : null);
    }
}
