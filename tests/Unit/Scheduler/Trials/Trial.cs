using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>
/// The scheduler's core among live executors: what it decides goes out as messages, which arrive in any order, late, twice or never; what the
/// executors answer comes back the same way. Everything between the core and the messages does as the shells of the scheduler do.
/// </summary>
internal sealed partial class Trial
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly Machine[] _machines;
    private readonly Cluster _cluster;
    private readonly Setting _setting;
    private readonly List<object> _messages = [];
    private readonly SortedSet<ServiceName> _wanted = [];
    private readonly Dictionary<Incarnation, long> _heard = [];
    private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private ImmutableArray<MemberNode> _evaluated = [];
    private bool _wasHeldBack;
    private bool _isSweepWanted;
    private string? _evaluatedDigest;
    private int _version;
    private int _orders;

    public Trial(Setting setting)
    {
        _setting = setting;
        _machines = [.. Names.Select(name => new Machine(name, MachineOf))];
        _cluster = new Cluster(Names);
        Configure(0);
        Evaluate(isSweep: true);
    }

    /// <summary>What happened so far, one line each.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What must never happen and did; null while all is well.</summary>
    public string? Violation { get; private set; }

    private IEnumerable<ServiceRecord> Records => _cluster.Records.Values.OrderBy(record => record.Name);

    private Machine MachineOf(NodeName node) => _machines.Single(machine => machine.Name == node.Value);

    private void Tell(string line) => Story.Add(string.Create(CultureInfo.InvariantCulture, $"{(_cluster.Now - Cluster.Start).TotalSeconds,6:F0} s  {line}"));

    private void Violate(string what)
    {
        Violation ??= what;
        Tell($"VIOLATION: {what}");
    }

    private void Configure(int which)
    {
        _cluster.InForce(++_version, _setting.Versions[which % _setting.Versions.Length]);
        Tell($"configuration {which % _setting.Versions.Length} comes into force as version {_version}");
    }

    /// <summary>One message arrives.</summary>
    private void Deliver(object message)
    {
        switch (message)
        {
            case OperateService order:
                Tell($"{order.Node} gets {order.Action} of {order.Service}, epoch {order.Epoch}");
                if (MachineOf(order.Node).Take(order) is { } answer)
                {
                    _messages.Add(answer);
                }

                break;
            case OperationEnded report:
                Decide(report.Service, new ServiceEvent.OperationEnded(report), $"{report.Node}: {report.Action} {report.Outcome}, epoch {report.Epoch}, running {report.IsRunning}, exit code {report.ExitCode}");
                break;
            case ServiceStatusFailed failed:
                Decide(failed.Service, new ServiceEvent.StatusFailed(failed), $"{failed.Node}: status failed, epoch {failed.Epoch}");
                break;
            case NodeInventory inventory:
                Compare(inventory);
                break;
        }
    }

    /// <summary>As the consumer of inventories does: the rows of the node by owner and hold, and whatever it runs without being recorded.</summary>
    private void Compare(NodeInventory inventory)
    {
        if (_heard.GetValueOrDefault(inventory.Incarnation) >= inventory.Sequence)
        {
            return;
        }

        _heard[inventory.Incarnation] = inventory.Sequence;
        Dictionary<ServiceName, InventoryEntry> entries = inventory.Services.ToDictionary(entry => entry.Service);
        List<ServiceRecord> here = [.. Records.Where(record => record.Owner == inventory.Node || record.Hold?.Node == inventory.Node)];
        SortedSet<ServiceName> concerned = [.. here.Where(record => Disagrees(record, entries, inventory)).Select(record => record.Name)];
        HashSet<ServiceName> rightful = [.. here.Where(record => record.OwnerIncarnation == inventory.Incarnation || IsHeld(record, inventory)).Select(record => record.Name)];
        concerned.UnionWith(inventory.Services.Where(entry => entry.IsRunning && !rightful.Contains(entry.Service)).Select(entry => entry.Service));
        foreach (ServiceName service in concerned.Where(_cluster.Records.ContainsKey))
        {
            InventoryEntry? entry = entries.GetValueOrDefault(service);
            Decide(service, new ServiceEvent.InventoryReported(inventory.Node, inventory.Incarnation, entry, inventory.Sequence),
                $"inventory of {inventory.Node}: {(entry is null ? "nothing" : $"epoch {entry.Epoch}, running {entry.IsRunning}, busy {entry.IsBusy}")}");
        }
    }

    private static bool IsHeld(ServiceRecord record, NodeInventory inventory) =>
        record.Hold is { } hold && hold.Node == inventory.Node && hold.Incarnation == inventory.Incarnation;

    private static bool Disagrees(ServiceRecord record, Dictionary<ServiceName, InventoryEntry> entries, NodeInventory inventory)
    {
        InventoryEntry? entry = entries.GetValueOrDefault(record.Name);
        bool isMissed = record.Pending is { } pending && pending.Node == inventory.Node && pending.Incarnation == inventory.Incarnation
            && !(entry is { IsBusy: true } && entry.Epoch == record.Epoch);
        bool isExpected = record is { State: ServiceState.Started, Pending: null } && record.OwnerIncarnation == inventory.Incarnation;
        bool isPartialNews = isExpected && entry is { IsRunning: true } && entry.Epoch == record.Epoch && entry.IsPartial != record.IsPartial;
        return isMissed || isPartialNews || ((isExpected || IsHeld(record, inventory)) && entry is not { IsRunning: true });
    }

    private void Decide(ServiceName service, ServiceEvent cause, string what)
    {
        if (_cluster.Records.ContainsKey(service))
        {
            See(service, () => Lifecycle.Decide(_cluster.Situation(service.Value), cause), what);
        }
    }

    private void See(ServiceName service, Func<Decision> decide, string what)
    {
        ServiceRecord before = _cluster.Records[service];
        Decision decision;
        try
        {
            decision = decide();
        }
        catch (InvariantViolation broken)
        {
            Violate($"{what}: {broken.Message}");
            return;
        }

        if (!decision.IsChanged && decision.Effects.IsEmpty)
        {
            return;
        }

        _cluster.Records[service] = decision.Next;
        Tell($"{what} -> {service} {before.State} to {decision.Next.State}, owner {decision.Next.Owner}, epoch {decision.Next.Epoch}: {decision.Reason}");
        if (decision.Next.Epoch < before.Epoch)
        {
            Violate($"the epoch of {service} goes back");
        }

        decision.Effects.ToList().ForEach(Carry);
    }

    private void Carry(Effect effect)
    {
        switch (effect)
        {
            case Effect.Operate { Command: var order }:
                _orders++;
                _messages.Add(order);
                Tell($"    orders {order.Action} of {order.Service} on {order.Node}, epoch {order.Epoch}");
                break;
            case Effect.Answer answer:
                Tell($"    answers {answer.RequestId}: {answer.Result} {string.Join("; ", answer.Reasons)}");
                if (++_answers[answer.RequestId] > 1)
                {
                    Violate($"{answer.RequestId} is answered twice");
                }

                break;
            case Effect.NeedsPlacement { Services: var services }:
                _wanted.UnionWith(services);
                break;
            case Effect.NeedsSweep:
                _isSweepWanted = true;
                break;
        }
    }

    /// <summary>As the evaluator does: what ended first, then every cause there is, the weightiest first.</summary>
    private void Evaluate(bool isSweep)
    {
        MembershipView membership = _cluster.Membership;
        foreach ((ServiceRecord record, Hold life) in Records.SelectMany(record => LivesOf(record).Select(life => (record, life))).ToList())
        {
            if (membership.Of(life.Node, life.Incarnation, record.Generation) == OwnerStanding.Ended)
            {
                Decide(record.Name, new ServiceEvent.OwnerEnded(life.Node, life.Incarnation), $"{life.Incarnation} has ended");
            }
        }

        SortedDictionary<ServiceName, ServicePlan> plans = [];
        foreach (ServicePlan plan in Causes(membership, isSweep).SelectMany(cause => _cluster.Plan(cause).Services))
        {
            plans.TryAdd(plan.Service, plan);
        }

        foreach (ServicePlan plan in plans.Values)
        {
            See(plan.Service, () => Lifecycle.Apply(_cluster.Situation(plan.Service.Value), plan), $"plan {plan.Action} {plan.Node}");
        }

        (_evaluated, _evaluatedDigest, _wasHeldBack) = (membership.Nodes, _cluster.Configuration.Digest, membership.IsLocked || membership.IsMaintenance);
    }

    private List<PlacementEvent> Causes(MembershipView membership, bool isSweep)
    {
        List<PlacementEvent> causes = [];
        List<MemberNode> moved = [.. membership.Nodes.Where(node => _evaluated.FirstOrDefault(old => old.Name == node.Name) is var old
            && (old?.State, old?.Incarnation, old?.IsDrained) != (node.State, node.Incarnation, node.IsDrained))];
        if (_evaluated.IsEmpty)
        {
            causes.Add(new PlacementEvent.QuorumFormed());
        }
        else if (moved.Count > 0)
        {
            causes.Add(new PlacementEvent.NodeChanged(
                [.. moved.Where(IsInUse).Select(node => node.Name)],
                [.. moved.Where(node => !IsInUse(node) || _evaluated.Any(old => old.Name == node.Name && old.State == NodeState.Online)).Select(node => node.Name)]));
        }

        if (_evaluatedDigest is not null && _evaluatedDigest != _cluster.Configuration.Digest)
        {
            causes.Add(new PlacementEvent.ConfigurationChanged());
        }

        if (_wanted.Count > 0)
        {
            causes.Add(new PlacementEvent.ServicesNeedPlacement([.. _wanted]));
            _wanted.Clear();
        }

        if (isSweep || _isSweepWanted || (_wasHeldBack && !(membership.IsLocked || membership.IsMaintenance)))
        {
            causes.Add(new PlacementEvent.Sweep());
            _isSweepWanted = false;
        }

        return causes;
    }

    private static bool IsInUse(MemberNode node) => node is { State: NodeState.Online, IsDrained: false };

    private static IEnumerable<Hold> LivesOf(ServiceRecord record)
    {
        if (record is { Owner: { } owner, OwnerIncarnation: { } incarnation })
        {
            yield return new Hold(owner, incarnation);
        }

        if (record.Hold is { } hold)
        {
            yield return hold;
        }

        if (record.Receiver is { } receiver)
        {
            yield return receiver;
        }

        if (record.Pending is { } pending)
        {
            yield return new Hold(pending.Node, pending.Incarnation);
        }
    }

    /// <summary>Never two (rule S8), and nothing that no guard knows of (rule S9).</summary>
    private void Look()
    {
        foreach (ServiceName service in _cluster.Records.Keys)
        {
            List<Machine> running = [.. _machines.Where(machine => machine.Runs(service))];
            if (running.Count > 1)
            {
                Violate($"{service} runs on {string.Join(" and ", running.Select(machine => machine.Life))}");
            }

            if (running.Exists(machine => machine.Of(service) is { MayRun: false }))
            {
                Violate($"{service} runs on {running[0].Life}, whose guard does not know of it");
            }
        }
    }
}
