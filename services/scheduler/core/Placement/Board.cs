using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>
/// Who runs how much where, kept while one plan is made: each service that is placed counts for the next. It lives inside one call.
/// </summary>
internal sealed class Board
{
    private const string RunsExclusive = "runs an exclusive service";
    private const string RunsOthers = "runs other services, and this one is exclusive";

    private readonly Dictionary<NodeName, int> _indexes;
    private readonly Dictionary<ServiceName, ServiceRecord> _records;
    private readonly int[] _services;
    private readonly int[] _exclusives;
    private readonly IReadOnlyDictionary<ServiceName, List<Bond>> _bonds;
    private readonly Dictionary<ServiceName, NodeName?> _planned = [];
    private Dictionary<string, List<ServiceName>>? _held;

    public Board(PlacementSituation situation)
    {
        Situation = situation;
        _bonds = Bond.Of(situation.Configuration);
        Nodes = situation.Configuration.Nodes;
        _indexes = new(Nodes.Length);
        for (int index = 0; index < Nodes.Length; index++)
        {
            _indexes[Nodes[index].Name] = index;
        }

        _services = new int[Nodes.Length];
        _exclusives = new int[Nodes.Length];
        _records = new(situation.Services.Length);
        foreach (ServiceRecord record in situation.Services)
        {
            _records[record.Name] = record;
            if (PlaceOf(record) is { } node)
            {
                Count(node, IsExclusive(record.Name), 1);
            }

            if (IsParked(record.Name) && WillBe(record) is { } receiver && receiver != PlaceOf(record))
            {
                // Nobody knows how far its migration came.
                Count(receiver, IsExclusive(record.Name), 1);
            }
        }
    }

    public PlacementSituation Situation { get; }

    public ImmutableArray<ClusterNode> Nodes { get; }

    public ServiceRecord? Find(ServiceName name) => _records.GetValueOrDefault(name);

    /// <summary>True for what no plan is made for, although it may run.</summary>
    public bool IsParked(ServiceName name) => Situation.Parked.Contains(name);

    /// <summary>A service on the same node that needs another one, and can leave before it; null for none.</summary>
    public ServiceName? DependentOn(ServiceName needed, NodeName node)
    {
        foreach (ServiceName name in Situation.Configuration.TiedTo(needed))
        {
            if (Find(name) is { IsFrozen: false } record && record.Owner == node && !IsParked(name)
                && Situation.Configuration.FindService(name) is { } definition && definition.Needs.Contains(needed) && !NeedsInTurn(needed, name, []))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>True where each needs the other, directly or through others: then none of them can be the first.</summary>
    private bool NeedsInTurn(ServiceName service, ServiceName other, HashSet<ServiceName> seen) =>
        seen.Add(service) && Situation.Configuration.FindService(service) is { } definition
        && definition.Needs.Any(needed => needed == other || NeedsInTurn(needed, other, seen));

    /// <summary>
    /// Why a service may not get all of its resources yet: another one, that runs by an older configuration, has to stop some of them first.
    /// Null as a rule.
    /// </summary>
    public string? StillHeld(ServiceRecord record, ServiceDefinition definition)
    {
        if (Situation.Changes.IsEmpty)
        {
            return null;
        }

        _held ??= Held();
        foreach (string label in _held.Count == 0 ? [] : Gained(record, definition))
        {
            if (_held.TryGetValue(label, out List<ServiceName>? holders) && holders.FirstOrDefault(holder => holder != definition.Name) is { Value: not null } holder)
            {
                return $"it waits until {holder} has stopped {label}, as the new configuration wants{Aside(holder)}";
            }
        }

        return null;
    }

    /// <summary>What to add where something waits for a service that is parked; empty for all others.</summary>
    public string Aside(ServiceName other) => IsParked(other) ? $"; nothing moves {other} for now, see quorate status" : "";

    /// <summary>What it is to get that it did not have: all of it where it never ran, nothing where it ran by the configuration in force.</summary>
    private IEnumerable<string> Gained(ServiceRecord record, ServiceDefinition definition) =>
        Situation.Changes.TryGetValue(record.Name, out ServiceChange? change) ? change.Up
        : record.RunsBy is null ? ResourceOrder.Start(definition.Tree).Select(node => node.Label)
        : [];

    private Dictionary<string, List<ServiceName>> Held()
    {
        Dictionary<string, List<ServiceName>> held = new(StringComparer.Ordinal);
        foreach ((ServiceName name, ServiceChange change) in Situation.Changes)
        {
            bool mayRun = Find(name) is { } record && MayRun(record)
                && !(change.Kind == ServiceChangeKind.Adjust && record.PrunedFor == Situation.Configuration.Digest);
            foreach (string label in mayRun ? change.Down : [])
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(held, label, out _) ??= []).Add(name);
            }
        }

        return held;
    }

    /// <summary>Those that have to give way, and to whom.</summary>
    public Dictionary<ServiceRecord, ServiceName> Displaced { get; } = [];

    public int ServicesOn(int index) => _services[index];

    /// <summary>
    /// An exclusive service of a worse priority (a higher number) that stands alone between this exclusive one and the best node that it
    /// could have; null for none.
    /// </summary>
    public ServiceRecord? FindDisplaceable(Case @case)
    {
        if (@case.Definition.Exclusive == 0)
        {
            return null;
        }

        ServiceRecord? found = null;
        Score best = Score.Illegal;
        for (int index = 0; index < Nodes.Length; index++)
        {
            if (@case.Scores[index].Score > best && _services[index] == 1
                && _records.Values.FirstOrDefault(record => MustGiveWay(record, Nodes[index].Name, @case)) is { } victim)
            {
                (found, best) = (victim, @case.Scores[index].Score);
            }
        }

        return found;
    }

    private bool MustGiveWay(ServiceRecord record, NodeName node, Case to) =>
        record is { State: ServiceState.Started, IsFrozen: false, Journey: null, Pending: null } && WillBe(record) == node && record.Owner == node
        && Situation.Configuration.FindService(record.Name) is { Exclusive: var priority } && priority > to.Definition.Exclusive
        && !IsParked(record.Name) && !Displaced.ContainsKey(record) && BrokenBond(to.Record.Name, node) is null;

    /// <summary>What ties a service to others.</summary>
    public IReadOnlyList<Bond> BondsOf(ServiceName service) => _bonds.TryGetValue(service, out List<Bond>? bonds) ? bonds : [];

    /// <summary>Where a service will be once all that is under way or planned is done; null for nowhere, as far as anybody knows.</summary>
    public NodeName? WillBe(ServiceRecord record) =>
        _planned.TryGetValue(record.Name, out NodeName? planned) ? planned
        : IsParked(record.Name) ? LiveNodeOf(record, record.Receiver) ?? PlaceOf(record)
        : record.Journey is { Intent: Intent.Stop or Intent.Disable } ? null
        : record.Journey is { Target: { } target } journey && !journey.HasTried(target) ? target
        : PlaceOf(record);

    /// <summary>True for what runs or may run somewhere.</summary>
    public bool MayRun(ServiceRecord record) => PlaceOf(record) is not null || LiveNodeOf(record, record.Receiver) is not null;

    /// <summary>Why a node cannot take a service that its failover domain would let there; null when it can.</summary>
    /// <param name="index">The node.</param>
    /// <param name="record">The service.</param>
    /// <param name="definition">Its definition.</param>
    /// <param name="isBondCounted">False where the others it is tied to are being placed as well.</param>
    public string? Objection(int index, ServiceRecord record, ServiceDefinition definition, bool isBondCounted = true)
    {
        NodeName node = Nodes[index].Name;
        return record switch
        {
            { Journey: { } journey } when journey.HasTried(node) => "failed on it already",
            { Journey: { Intent: Intent.Relocate or Intent.Failback, Origin: { } origin } } when origin == node => "it is leaving this node",
            { Hold: { } hold } when !IsVoid(record, hold) && hold.Node != node => $"it may still run on {hold.Node}",
            _ => Conflict(index, definition, record) ?? (isBondCounted ? BrokenBond(record.Name, node) : null),
        };
    }

    /// <summary>True for a hold on an incarnation that has ended.</summary>
    public bool IsVoid(ServiceRecord record, Hold hold) => Situation.Membership.Of(hold.Node, hold.Incarnation, record.Generation) == OwnerStanding.Ended;

    /// <summary>What forbids a service a node because of where others are or will be; null when nothing does.</summary>
    public string? BrokenBond(ServiceName service, NodeName node)
    {
        foreach (Bond bond in BondsOf(service))
        {
            if (Broken(bond, node) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    /// <summary>
    /// True for a service that is to move and waits for one that is to move, or to start, as well and waits for this one: two that run on one node only, or
    /// that change places. One of them has to stop first.
    /// </summary>
    public bool WaitsInACircle(ServiceName service, NodeName place, Arrangements arrangements) => BondsOf(service).Any(bond =>
        !_planned.ContainsKey(bond.Other) && Broken(bond, place) is not null
        && Find(bond.Other) is { } other && arrangements.TryGet(bond.Other, out NodeName? arranged) && arranged is { } target && target != other.Owner
        && BondsOf(bond.Other).Any(back => back.Other == service && Broken(back, target) is not null));

    private string? Broken(Bond bond, NodeName node)
    {
        if (Find(bond.Other) is not { } other)
        {
            return null;
        }

        NodeName? now = PlaceOf(other);
        NodeName? soon = WillBe(other);
        return bond switch
        {
            { ExcludesOther: true } when (now ?? soon) is { } there => $"{bond.Other} runs on {there}, and both never run at once",
            { Colocate: Colocation.Never } when now == node || soon == node => $"{bond.Other} is there, and both never run on one node",
            { Colocate: Colocation.Always } when soon is { } there && there != node => $"{bond.Other} is on {there}, and both run on one node only",
            _ => null,
        };
    }

    /// <summary>Why a node cannot take the service beside what it runs; null when it can.</summary>
    /// <remarks>Source: rgmanager.md 3.10.</remarks>
    public string? Conflict(int index, ServiceDefinition definition, ServiceRecord record)
    {
        bool isThere = PlaceOf(record) == Nodes[index].Name;
        bool isExclusive = definition.Exclusive > 0;
        int others = _services[index] - (isThere ? 1 : 0);
        int exclusives = _exclusives[index] - (isThere && isExclusive ? 1 : 0);
        return exclusives > 0 ? RunsExclusive
            : isExclusive && others > 0 ? RunsOthers
            : null;
    }

    /// <summary>True for an objection of <see cref="Conflict"/>.</summary>
    public static bool IsAboutExclusive(string? objection) => objection is RunsExclusive or RunsOthers;

    /// <summary>Counts a service that will run on a node from now on.</summary>
    public void Place(NodeName node, ServiceDefinition definition, ServiceRecord record)
    {
        if (PlaceOf(record) is { } old)
        {
            Count(old, definition.Exclusive > 0, -1);
        }

        Count(node, definition.Exclusive > 0, 1);
        _planned[record.Name] = node;
    }

    /// <summary>Counts a service away that is being stopped.</summary>
    public void Remove(ServiceDefinition definition, ServiceRecord record)
    {
        if (PlaceOf(record) is { } old)
        {
            Count(old, definition.Exclusive > 0, -1);
        }

        _planned[record.Name] = null;
    }

    /// <summary>Where a service runs or may run: its owner, or where a stop was never proven. Ended incarnations run nothing.</summary>
    private NodeName? PlaceOf(ServiceRecord record) => record switch
    {
        { Owner: { } owner, OwnerIncarnation: { } incarnation } =>
            Situation.Membership.Of(owner, incarnation, record.Generation) == OwnerStanding.Ended ? null : owner,
        _ => LiveNodeOf(record, record.Hold),
    };

    private NodeName? LiveNodeOf(ServiceRecord record, Hold? there) => there is { } hold && !IsVoid(record, hold) ? hold.Node : null;

    private bool IsExclusive(ServiceName name) => Situation.Configuration.FindService(name) is { Exclusive: > 0 };

    private void Count(NodeName node, bool isExclusive, int change)
    {
        if (_indexes.TryGetValue(node, out int index))
        {
            _services[index] += change;
            _exclusives[index] += isExclusive ? change : 0;
        }
    }
}
