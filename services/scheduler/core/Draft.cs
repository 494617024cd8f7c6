using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>
/// One decision in the making: the record as it will be, and the effects so far. It lives inside one call and is the only place
/// where epochs grow, orders are made and journeys end, so that these rules stand once.
/// </summary>
internal sealed class Draft(ServiceSituation situation)
{
    private readonly ImmutableArray<Effect>.Builder _effects = ImmutableArray.CreateBuilder<Effect>();
    private readonly ImmutableArray<Passage>.Builder _through = ImmutableArray.CreateBuilder<Passage>();
    private Passage? _became;
    private bool _seeks;
    private bool _sweeps;

    public ServiceSituation Situation => situation;

    public ServiceRecord Next { get; set; } = situation.Service;

    public bool IsChanged => !ReferenceEquals(Next, situation.Service);

    /// <summary>
    /// Takes a state; <see cref="ServiceRecord.Since"/> moves only with the state. One taken earlier in this decision was passed through: the
    /// history tells it.
    /// </summary>
    public void Become(ServiceState state, string reason)
    {
        if (_became is { } passed && passed.State != state && (passed.State != situation.Service.State || _through.Count > 0))
        {
            _through.Add(passed);
        }

        Next = Next with
        {
            State = state,
            Since = state == Next.State ? Next.Since : situation.Now,
            Reason = reason,
        };
        _became = new Passage(state, Next.Owner, reason);
    }

    /// <summary>Orders something at the next epoch.</summary>
    public void Order(NodeAction action, NodeName node, Incarnation incarnation, string reason, NodeName? peer = null)
    {
        DateTimeOffset deadline = situation.Now + situation.Timeouts.After(action, attempt: 1);
        Next = Next with { Epoch = Next.NextEpoch, Pending = PendingOn(action, node, incarnation, 1, deadline) with { Peer = peer } };
        Send(reason);
    }

    /// <summary>Orders something of a node beside the owner, which runs on by the epoch it has.</summary>
    public void OrderBeside(NodeAction action, NodeName node, Incarnation incarnation, string reason, NodeName? peer)
    {
        DateTimeOffset deadline = situation.Now + situation.Timeouts.After(action, attempt: 1);
        long epoch = Next.NextEpoch;
        Next = Next with { NewestEpoch = epoch, Pending = PendingOn(action, node, incarnation, 1, deadline) with { Epoch = epoch, Peer = peer } };
        Send(reason);
    }

    /// <summary>An order by the configuration in force now.</summary>
    public PendingOperation PendingOn(NodeAction action, NodeName node, Incarnation incarnation, int attempt, DateTimeOffset deadline) =>
        new(action, node, incarnation, attempt, deadline)
        {
            ConfigurationDigest = situation.Configuration.Digest,
            ConfigurationVersion = situation.Configuration.Version,
        };

    /// <summary>
    /// Asks for the fencing of the node whose stop is pending. Bound to that incarnation, and the same request for the same stop: lost, it
    /// is asked for again, and doubled it changes nothing.
    /// </summary>
    public void Fence(string reason)
    {
        PendingOperation pending = Next.Pending ?? throw new InvariantViolation($"{Next.Name}: no stop is pending");
        DateTimeOffset deadline = situation.Now + situation.Timeouts.After(pending.Action, pending.Attempt);
        Next = Next with { Pending = pending with { AwaitsFencing = true, Deadline = deadline } };
        _effects.Add(new Effect.Fence(new FenceNode
        {
            RequestId = string.Create(CultureInfo.InvariantCulture, $"stop failure {Next.Epoch} of {Next.Name}"),
            Node = pending.Node,
            Incarnation = pending.Incarnation,
            Reason = reason,
        }));
    }

    /// <summary>
    /// Orders a node that is not the owner to stop what it should not run. Owner, epoch and pending operation stay: what the owner reports
    /// still counts, and the answer to this order matches nothing. It is not waited for; the node's next inventory tells.
    /// </summary>
    /// <param name="node">Where the stray runs.</param>
    /// <param name="incarnation">In which life of that node.</param>
    /// <param name="above">The newest epoch that node has taken; it would refuse one that is not above it.</param>
    /// <param name="reason">For that node's log.</param>
    public void StopBeside(NodeName node, Incarnation incarnation, long above, string reason)
    {
        Next = Next with { NewestEpoch = Math.Max(Next.NextEpoch, above + 1) };
        Operate(PendingOn(NodeAction.Stop, node, incarnation, 1, situation.Now), Next.NewestEpoch, reason);
    }

    /// <summary>Sends the pending order, for the first time or again.</summary>
    public void Send(string reason)
    {
        PendingOperation pending = Next.Pending ?? throw new InvariantViolation($"{Next.Name}: nothing is pending");
        Operate(pending, Next.PendingEpoch, reason);
    }

    private void Operate(PendingOperation order, long epoch, string reason) =>
        _effects.Add(new Effect.Operate(new OperateService
        {
            Service = Next.Name,
            Epoch = epoch,
            Attempt = order.Attempt,
            Action = order.Action,
            Node = order.Node,
            Incarnation = order.Incarnation,
            ConfigurationDigest = order.ConfigurationDigest ?? situation.Configuration.Digest,
            ConfigurationVersion = order.ConfigurationDigest is null ? situation.Configuration.Version : order.ConfigurationVersion,
            Peer = order.Peer,
            Generation = situation.Membership.Generation,
            Reason = reason,
        }));

    /// <summary>
    /// Gives the service to an incarnation and orders the start. Whoever calls has made sure that nobody else may run it; this is
    /// checked once more, because here is the one door to two owners (rules S8 and S11).
    /// </summary>
    public void BeginStart(NodeName node, Incarnation incarnation, string reason, NodeName? migratedFrom = null)
    {
        bool isRestart = Next.Owner == node && Next.OwnerIncarnation == incarnation && Next.Pending is null;
        if (!isRestart && (Next.Owner is not null || !Next.IsIdle))
        {
            throw new InvariantViolation($"{Next.Name}: start on {node} while {Next.Owner} may run it");
        }

        if (Next.Hold is { } hold && (hold.Node != node || hold.Incarnation != incarnation))
        {
            throw new InvariantViolation($"{Next.Name}: start on {node} while held on {hold.Node}");
        }

        if (Next.Receiver is { } receiver && (receiver.Node != node || receiver.Incarnation != incarnation))
        {
            throw new InvariantViolation($"{Next.Name}: start on {node} while a migration may have brought it to {receiver.Node}");
        }

        Next = Next with
        {
            Receiver = null,
            AwaitsOperator = false,
            Owner = node,
            OwnerIncarnation = incarnation,
            IsPartial = false,
            IsRemoved = false,
            RunsBy = situation.Configuration.Digest,
            PrunedFor = null,
            Hold = null,
            Restarts = Next.State == ServiceState.Recovering ? Next.Restarts + 1 : 0,
            WasEvaluated = true,
            AwaitsTransition = false,
            RetryAt = null,
        };
        Become(ServiceState.Starting, reason);
        Order(NodeAction.Start, node, incarnation, reason, migratedFrom);
    }

    /// <summary>Orders the owner to stop.</summary>
    public void BeginStop(ServiceState state, string reason)
    {
        if (Next is not { Owner: { } owner, OwnerIncarnation: { } incarnation })
        {
            throw new InvariantViolation($"{Next.Name}: a stop without an owner");
        }

        if (Next.State is ServiceState.Started or ServiceState.Migrating)
        {
            // They told of changes or moves that a node refused; what comes now begins afresh.
            Next = Next with { RetryAt = null, StartFailures = 0 };
        }

        Become(state, reason);
        Order(NodeAction.Stop, owner, incarnation, reason);
    }

    /// <summary>The owner runs it no more: proven or ended. Whoever places it next looks at all nodes, so no newcomer is left over.</summary>
    public void ReleaseOwner() => Next = Next with
    {
        LastOwner = Next.Owner ?? Next.LastOwner,
        Owner = null,
        OwnerIncarnation = null,
        Pending = null,
        IsPartial = false,
        Newcomers = [],
    };

    public void Answer(string requestId, ResultCode result, ImmutableArray<string> reasons) =>
        _effects.Add(new Effect.Answer(requestId, result, Next.Owner, reasons));

    /// <summary>Answers a command of which nothing was tried.</summary>
    public void Refuse(string requestId, ResultCode result, string reason) =>
        _effects.Add(new Effect.Answer(requestId, result, Next.Owner, [reason]) { IsRefused = true });

    /// <summary>Ends the journey and answers every command that waited for it.</summary>
    public void EndJourney(ResultCode result, string reason)
    {
        if (Next.Journey is not { } journey)
        {
            return;
        }

        Next = Next with { Journey = null };
        foreach (string requestId in journey.RequestIds)
        {
            Answer(requestId, result, journey.Reasons.Add(reason));
        }
    }

    public void Raise(CatalogueMessage message, params ReadOnlySpan<string> arguments) => _effects.Add(new Effect.Raise(message, [.. arguments]));

    public void Raise(CatalogueMessage message, string argument, int value) => Raise(message, argument, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Asks the planner to look at this service once the decision is stored.</summary>
    public void SeekPlacement() => _seeks = true;

    /// <summary>Asks the planner to look at whatever is not as it should be: what was waited for may have happened.</summary>
    public void SeekSweep() => _sweeps = true;

    /// <summary>The planner has just looked; what it decided is being applied.</summary>
    public void StopSeeking() => _seeks = false;

    public Decision Done(string reason)
    {
        if (!IsChanged)
        {
            return new Decision(Next, _effects.ToImmutable(), reason) { IsChanged = false };
        }

        Next = Next with { Generation = Math.Max(Next.Generation, situation.Membership.Generation) };
        ImmutableArray<ServiceName> concerned = [.. _seeks ? [Next.Name] : Array.Empty<ServiceName>(), .. Dependents()];
        if (!concerned.IsEmpty)
        {
            _effects.Add(new Effect.NeedsPlacement(concerned));
        }

        if (_sweeps)
        {
            _effects.Add(new Effect.NeedsSweep());
        }

        return new Decision(Next, _effects.ToImmutable(), reason) { IsChanged = true, Through = _through.ToImmutable() };
    }

    /// <summary>Who may start, or must stop, because this service came to rest in another state.</summary>
    private IEnumerable<ServiceName> Dependents()
    {
        bool rests = Next.State is ServiceState.Started or ServiceState.Stopped or ServiceState.Disabled or ServiceState.Failed;
        if (!rests || Next.State == situation.Service.State)
        {
            return [];
        }

        // What it needs may wait to leave a drained node after it.
        bool isDraining = situation.Membership.Nodes.Any(node => node.IsDrained);
        return isDraining && situation.Definition is { } definition
            ? situation.Configuration.TiedTo(Next.Name).Concat(definition.Needs).Distinct()
            : situation.Configuration.TiedTo(Next.Name);
    }
}
