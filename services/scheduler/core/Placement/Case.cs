using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Domains;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>One concerned service on the board, with what can be asked about its candidates and said about it.</summary>
internal sealed record Case(Board Board, ServiceRecord Record, ServiceDefinition Definition, PlacementEvent Cause, ImmutableArray<NodeScore> Scores)
{
    /// <summary>What was found for services that are tied to each other.</summary>
    public Arrangements Arrangements { get; init; } = new();

    public MembershipView Membership => Board.Situation.Membership;

    /// <summary>What a newer configuration wants of it; null for nothing.</summary>
    public ServiceChange? Change => Board.Situation.Changes.GetValueOrDefault(Record.Name);

    /// <summary>What is known about its owner's incarnation; null without owner.</summary>
    public OwnerStanding? Standing => Record is { Owner: { } owner, OwnerIncarnation: { } incarnation }
        ? Membership.Of(owner, incarnation, Record.Generation)
        : null;

    /// <summary>True until a pause is over that grows with every failure (rule S13).</summary>
    public bool MustRest => Record.RetryAt is { } retry && !OperationTimeouts.IsRetryDue(retry, Board.Situation.Now) && !HasNewSupport(retry);

    /// <summary>True for a look at what was looked at before: nothing has happened to nodes or configuration.</summary>
    public bool IsAskedAgain => Cause is PlacementEvent.Sweep or PlacementEvent.ServicesNeedPlacement;

    /// <summary>True when something it needs has started since its last failure: that may have been the reason.</summary>
    private bool HasNewSupport(DateTimeOffset retry)
    {
        DateTimeOffset failed = retry - OperationTimeouts.Default.BackOff(Math.Max(1, Record.StartFailures));
        return Definition.Needs.Any(needed => Board.Find(needed) is { State: ServiceState.Started, Since: var since } && since > failed);
    }

    public Score ScoreOf(NodeName node)
    {
        foreach (NodeScore score in Scores)
        {
            if (score.Node == node)
            {
                return score.Score;
            }
        }

        return Score.Illegal;
    }

    /// <summary>The best node above a score that can take it; among equals the one with the fewest services, then the first configured.</summary>
    public NodeName? Choose(Score above)
    {
        int chosen = -1;
        for (int index = 0; index < Scores.Length; index++)
        {
            NodeScore candidate = Scores[index];
            if (candidate.Score <= above || candidate.Objection is not null)
            {
                continue;
            }

            bool isBetter = chosen < 0 || candidate.Score > Scores[chosen].Score
                || (candidate.Score == Scores[chosen].Score && Board.ServicesOn(index) < Board.ServicesOn(chosen));
            chosen = isBetter ? index : chosen;
        }

        return chosen < 0 ? null : Scores[chosen].Node;
    }

    public bool CanTake(NodeName node) => Scores.Any(score => score.Node == node && score.Score > Score.Illegal && score.Objection is null);

    /// <summary>True for a node that could take it, were it not for where the services are that it is tied to.</summary>
    public bool IsBarredByBondsAlone(NodeName node)
    {
        int index = Scores.Select(score => score.Node).ToList().IndexOf(node);
        return index >= 0 && Scores[index].Score > Score.Illegal && Board.Objection(index, Record, Definition, isBondCounted: false) is null;
    }

    /// <summary>The way back asks no failover domain, as in the original; only that the node is there and nothing stands beside it.</summary>
    public bool CanReturnTo(NodeName origin)
    {
        int index = Scores.Select(score => score.Node).ToList().IndexOf(origin);
        return index >= 0 && Membership.IsAvailable(origin) && Record.Journey?.HasTried(origin) == false
            && (Record.Hold is null || Record.Hold.Node == origin) && Board.Conflict(index, Definition, Record) is null
            && Board.BrokenBond(Record.Name, origin) is null;
    }

    /// <summary>The nodes that came up since it was placed, in name order: now, or while it was busy.</summary>
    public ImmutableArray<NodeName> Newcomers => Cause switch
    {
        PlacementEvent.NodeChanged change => [.. Record.Newcomers.Union(change.Up).Order()],
        PlacementEvent.QuorumFormed or PlacementEvent.ConfigurationChanged => [.. Scores.Select(score => score.Node).Where(Membership.IsAvailable).Order()],
        _ => Record.Newcomers,
    };

    /// <summary>True when a node that came up suits it better than where it runs.</summary>
    public bool HasBetterNewcomer(Score present) => Newcomers is var newcomers && Scores.Any(score => score.Score > present && newcomers.Contains(score.Node));

    /// <summary>The service it depends on that does not run; null when nothing is missing. An unknown one counts as met.</summary>
    public ServiceName? WaitsFor() =>
        Definition.Needs.Cast<ServiceName?>().FirstOrDefault(needed => Board.Find(needed!.Value) is { } other && (other.State != ServiceState.Started || (Board.IsParked(other.Name) && !Board.MayRun(other))));

    public (ResultCode Result, string Reason) WhyNobody()
    {
        bool anyLegal = Scores.Any(score => score.Score > Score.Illegal);
        FailoverDomain? domain = FailoverDomainScore.DomainOf(Definition, Board.Situation.Configuration);
        if (!anyLegal)
        {
            return (ResultCode.Domain, domain is { IsRestricted: true }
                ? "restricted domain unavailable: no node that may run it is online"
                : Scores.Any(score => Membership.IsDrained(score.Node)) ? "no node is online that is not drained" : "no node is online");
        }

        if (Arrangements.NoteOf(Record.Name) is { Length: > 0 } note)
        {
            return (ResultCode.Depend, $"no node can take it: {note}; {Objections()}");
        }

        if (Record.Hold is { } hold)
        {
            return (ResultCode.Fail, $"no node can take it: {Objections()}; disable it again, or look on {hold.Node} and say so (quorate disable {Record.Name} --confirm-stopped {hold.Node})");
        }

        bool allExclusive = Scores.All(score => score.Score == Score.Illegal || Board.IsAboutExclusive(score.Objection));
        return (allExclusive ? ResultCode.Exclusive : ResultCode.Fail, $"no node can take it: {Objections()}");
    }

    public string Objections() =>
        string.Join("; ", Scores.Where(score => score.Objection is not null).Select(score => $"{score.Node}: {score.Objection}"));

    /// <summary>It is busy on its owner: what came up meanwhile is remembered, or a failback would be lost for good.</summary>
    public ServicePlan LeaveBusy(string reason) => LeaveAlone(reason) with { Newcomers = Newcomers };

    public ServicePlan With(PlacementAction action, NodeName? node, string reason) => new()
    {
        Service = Record.Name,
        Action = action,
        Node = node,
        Scores = Scores,
        Reason = reason,
    };

    public ServicePlan LeaveAlone(string reason) => LeaveAlone(reason, Record.Owner);

    public ServicePlan LeaveAlone(string reason, NodeName? node) => With(PlacementAction.LeaveAlone, node, reason);

    public ServicePlan GaveUp(ResultCode result, string reason) => With(PlacementAction.GiveUp, null, reason) with { Result = result };

    public ServicePlan PutOn(NodeName node, PlacementAction action, string reason)
    {
        Board.Place(node, Definition, Record);
        return With(action, node, reason);
    }

    /// <summary>It moves to a node.</summary>
    /// <param name="node">Where to.</param>
    /// <param name="reason">Why.</param>
    /// <param name="mustLeave">False for one that only would be better off there.</param>
    /// <remarks>Source: rgmanager.md 4.3, what can be migrated is.</remarks>
    public ServicePlan Moved(NodeName node, string reason, bool mustLeave = true)
    {
        bool isMigratory = Lifecycle.IsMigratory(Definition);
        return isMigratory && MustRest && IsAskedAgain
            ? LeaveBusy($"it could not be migrated the last time, which is tried again later: {reason}")
            : PutOn(node, isMigratory ? PlacementAction.Migrate : PlacementAction.Relocate, reason) with { MustLeave = mustLeave };
    }

    public ServicePlan Stopped(string reason)
    {
        Board.Remove(Definition, Record);
        return With(PlacementAction.Stop, null, reason);
    }
}
