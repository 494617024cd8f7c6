using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>
/// Who runs how much where, kept while one plan is made: each service that is placed counts for the next. It lives inside one call.
/// </summary>
internal sealed class Board
{
    private readonly Dictionary<NodeName, int> _indexes;
    private readonly Dictionary<ServiceName, ServiceRecord> _records;
    private readonly int[] _services;
    private readonly int[] _exclusives;

    public Board(PlacementSituation situation)
    {
        Situation = situation;
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
        }
    }

    public PlacementSituation Situation { get; }

    public ImmutableArray<ClusterNode> Nodes { get; }

    public ServiceRecord? Find(ServiceName name) => _records.GetValueOrDefault(name);

    public int ServicesOn(int index) => _services[index];

    /// <summary>Why a node cannot take the service beside what it runs; null when it can.</summary>
    /// <remarks>Source: rgmanager.md 3.10.</remarks>
    public string? Conflict(int index, ServiceDefinition definition, ServiceRecord record)
    {
        bool isThere = PlaceOf(record) == Nodes[index].Name;
        bool isExclusive = definition.Exclusive > 0;
        int others = _services[index] - (isThere ? 1 : 0);
        int exclusives = _exclusives[index] - (isThere && isExclusive ? 1 : 0);
        return exclusives > 0 ? "runs an exclusive service"
            : isExclusive && others > 0 ? "runs other services, and this one is exclusive"
            : null;
    }

    /// <summary>Counts a service that will run on a node from now on.</summary>
    public void Place(NodeName node, ServiceDefinition definition, ServiceRecord record)
    {
        if (PlaceOf(record) is { } old)
        {
            Count(old, definition.Exclusive > 0, -1);
        }

        Count(node, definition.Exclusive > 0, 1);
    }

    /// <summary>Counts a service away that is being stopped.</summary>
    public void Remove(ServiceDefinition definition, ServiceRecord record)
    {
        if (PlaceOf(record) is { } old)
        {
            Count(old, definition.Exclusive > 0, -1);
        }
    }

    /// <summary>Where a service runs or may run: its owner, or where a stop was never proven. Ended incarnations run nothing.</summary>
    private NodeName? PlaceOf(ServiceRecord record) => record switch
    {
        { Owner: { } owner, OwnerIncarnation: { } incarnation } =>
            Situation.Membership.Of(owner, incarnation, record.Generation) == OwnerStanding.Ended ? null : owner,
        { Hold: { } hold } => Situation.Membership.Of(hold.Node, hold.Incarnation, record.Generation) == OwnerStanding.Ended ? null : hold.Node,
        _ => null,
    };

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
