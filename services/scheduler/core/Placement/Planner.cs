using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>
/// Decides together where the services an event concerns shall run: by failover domain score, then exclusivity, then the fewest
/// services, then the configured order of nodes. Exclusive services are placed first, because they are hardest to place; then in the configured order.
/// </summary>
/// <remarks>Source: rgmanager.md 3.10, 3.11, 4.3, 4.4; DESIGN 5 and 9.</remarks>
public static class Planner
{
    /// <summary>Plans for exactly the services the event concerns; asks nothing of the others but load and rules.</summary>
    /// <returns>A plan for each, in name order. Apply each with <see cref="Lifecycle.Apply"/>.</returns>
    public static PlacementPlan Plan(PlacementSituation situation, PlacementEvent cause)
    {
        Board board = new(situation);
        List<ServiceRecord> concerned = [.. Concern.Of(situation, cause, board)];
        Arrangements arrangements = Arrange(board, concerned, cause);
        HashSet<ServiceName> named = [.. concerned.Select(record => record.Name)];
        IEnumerable<ServiceRecord> inOrder = concerned.Concat(arrangements.Movers.Where(record => named.Add(record.Name)))
            .OrderBy(record => situation.Configuration.FindService(record.Name) is { Exclusive: > 0 and var rank } ? rank : int.MaxValue)
            .ThenBy(record => situation.Configuration.FindService(record.Name)?.Priority)
            .ThenBy(record => situation.Configuration.PositionOf(record.Name))
            .ThenBy(record => record.Name);
        List<ServicePlan> plans = [.. inOrder.Select(record => PlanOne(board, record, cause, arrangements))];
        plans.AddRange(board.Displaced.Where(pair => named.Add(pair.Key.Name)).Select(pair => Displaced(board, pair.Key, pair.Value, cause)));
        return new PlacementPlan([.. plans.OrderBy(plan => plan.Service)]);
    }

    /// <summary>An exclusive service gives its node to one of a better priority.</summary>
    /// <remarks>Source: rgmanager.md 4.6, exclusive priority.</remarks>
    private static ServicePlan Displaced(Board board, ServiceRecord record, ServiceName by, PlacementEvent cause)
    {
        ServiceDefinition definition = board.Situation.Configuration.FindService(record.Name)
            ?? throw new InvariantViolation($"{record.Name} is displaced and not configured");
        Case @case = new(board, record, definition, cause, Scores(board, record, definition));
        return @case.Choose(above: Score.Illegal) is { } node && node != record.Owner
            ? @case.Moved(node, $"{by} is exclusive with a better priority and needs {record.Owner}; moving to {node}")
            : @case.Stopped($"{by} is exclusive with a better priority and needs {record.Owner}; no other node can take this one");
    }

    /// <summary>Looks for places for those together that are tied to each other. Nothing is done where no service names another.</summary>
    private static Arrangements Arrange(Board board, List<ServiceRecord> concerned, PlacementEvent cause)
    {
        Dictionary<ServiceName, Case?> cases = [];
        List<ServiceRecord> seekers = [.. concerned.Where(record => board.BondsOf(record.Name).Count > 0 && CaseOf(record) is { } @case && Seeks(@case))];
        return Arrangements.For(board, seekers, CaseOf);

        Case? CaseOf(ServiceRecord record)
        {
            if (!cases.TryGetValue(record.Name, out Case? @case))
            {
                @case = board.Situation.Configuration.FindService(record.Name) is { } definition
                    ? new Case(board, record, definition, cause, Scores(board, record, definition))
                    : null;
                cases[record.Name] = @case;
            }

            return @case;
        }
    }

    /// <summary>True for what runs nowhere and may start, now or once what it needs has started, and for what runs where another it is tied to must not be.</summary>
    private static bool Seeks(Case @case)
    {
        ServiceRecord record = @case.Record;
        if (ReasonToLeaveAlone(@case) is not null || @case.Membership.IsLocked || (@case.Membership.IsMaintenance && record.Journey is null or { RequestIds.IsEmpty: true }))
        {
            return false;
        }

        return @case.Standing switch
        {
            null => record.IsIdle && Resting(@case) is null,
            OwnerStanding.Ended => record.Journey is not { Intent: Intent.Stop or Intent.Disable },
            OwnerStanding.Online => record is { State: ServiceState.Started, Journey: null, Pending: null, Owner: { } owner }
                && @case.Board.BrokenBond(record.Name, owner) is not null,
            _ => false,
        };
    }

    private static ServicePlan PlanOne(Board board, ServiceRecord record, PlacementEvent cause, Arrangements arrangements)
    {
        ClusterConfiguration configuration = board.Situation.Configuration;
        if (configuration.FindService(record.Name) is not { } definition)
        {
            return Unconfigured(board, record);
        }

        Case @case = new(board, record, definition, cause, Scores(board, record, definition)) { Arrangements = arrangements };
        if (ReasonToLeaveAlone(@case) is { } reason)
        {
            // Nobody knows whether it will ever be enabled again: whoever waits is told.
            return configuration.ResourceManager.IsDisabled && Refused(@case, ResultCode.Invalid, reason) is { } answer ? answer : @case.LeaveAlone(reason);
        }

        // What came up meanwhile is remembered: the sweep after the end of maintenance goes on from there.
        if (board.Situation.Membership.IsMaintenance && record.Journey is null or { RequestIds.IsEmpty: true })
        {
            return @case.LeaveBusy("the cluster is in maintenance");
        }

        // A lock is not in the way of stops; what came up meanwhile is remembered here too.
        if (board.Situation.Membership.IsLocked)
        {
            const string Locked = "the cluster is locked by an operator";
            return Refused(@case, ResultCode.Again, Locked) ?? @case.LeaveBusy(Locked);
        }

        if (!record.IsIdle && @case.Standing is OwnerStanding.Online or null)
        {
            return @case.LeaveBusy($"an operation is under way on {record.Pending?.Node}");
        }

        return @case.Standing switch
        {
            OwnerStanding.Lost => @case.With(PlacementAction.AwaitFencing, null, $"its owner {record.Owner} is lost and not fenced yet"),
            OwnerStanding.Online => Running(@case),
            OwnerStanding.Ended when record.Journey is { Intent: Intent.Stop or Intent.Disable } =>
                @case.LeaveAlone($"it was being stopped when {record.Owner} ended", null),
            OwnerStanding.Ended => Placed(@case, PlacementAction.TakeOver),
            OwnerStanding.Unknown => @case.LeaveAlone($"nothing certain is known about its owner {record.Owner}"),
            _ => AtRest(@case),
        };
    }

    /// <summary>The answer to a command that waits for the planner's word; null where none waits.</summary>
    private static ServicePlan? Refused(Case @case, ResultCode result, string reason) => @case.Record switch
    {
        { State: ServiceState.Started, Pending: null, Journey.Intent: Intent.Migrate } record =>
            @case.With(PlacementAction.Stay, record.Owner, reason) with { Result = result },
        { AwaitsPlacement: true, Journey.RequestIds.IsEmpty: false } => @case.GaveUp(result, reason),
        _ => null,
    };

    private static string? ReasonToLeaveAlone(Case @case)
    {
        ServiceRecord record = @case.Record;
        return @case switch
        {
            { Board.Situation.Membership.IsQuorate: false } => "the cluster is not quorate",
            { Board.Situation.Configuration.ResourceManager.IsDisabled: true } => "the resource manager is disabled in the configuration",
            _ when record.IsFrozen => "frozen by an operator",
            _ => null,
        };
    }

    private static ServicePlan Unconfigured(Board board, ServiceRecord record)
    {
        MembershipView membership = board.Situation.Membership;
        bool runs = record is { State: ServiceState.Started, IsFrozen: false, Journey: null, Pending: null, Owner: { } owner, OwnerIncarnation: { } incarnation }
            && membership is { IsQuorate: true, IsMaintenance: false } && membership.Of(owner, incarnation, record.Generation) == OwnerStanding.Online;
        bool isAsked = record is { State: ServiceState.Started, Pending: null, Journey.Intent: Intent.Migrate };
        bool isLetGo = board.Situation.Changes.GetValueOrDefault(record.Name) is { Kind: ServiceChangeKind.Release };
        bool isAtRest = record is { Owner: null, IsIdle: true, Hold: null, IsRemoved: false };
        // Held, or taken out once more before the planner saw it back: whoever waits is told.
        bool isAwaited = record is { AwaitsPlacement: true, Journey.RequestIds.IsEmpty: false };
        return new ServicePlan
        {
            Service = record.Name,
            // Answered first: the next look stops it.
            Action = isAsked ? PlacementAction.Stay : runs ? isLetGo ? PlacementAction.Release : PlacementAction.Stop : isAtRest ? PlacementAction.MarkRemoved : isAwaited ? PlacementAction.GiveUp : PlacementAction.LeaveAlone,
            Scores = [.. board.Nodes.Select(node => new NodeScore(node.Name, Score.Illegal, "the service is not configured"))],
            Reason = isLetGo ? $"it is no longer in the configuration, and runs on by itself: a {record.Name.Type} is not stopped for that" : "it is no longer in the configuration",
            Result = ResultCode.NoService,
        };
    }

    private static ImmutableArray<NodeScore> Scores(Board board, ServiceRecord record, ServiceDefinition definition)
    {
        PlacementSituation situation = board.Situation;
        ImmutableArray<Score> scores = FailoverDomainScore.OfAll(definition, situation.Configuration, situation.Membership, record);
        ImmutableArray<NodeScore>.Builder all = ImmutableArray.CreateBuilder<NodeScore>(scores.Length);
        for (int index = 0; index < scores.Length; index++)
        {
            NodeName node = board.Nodes[index].Name;
            string? objection = scores[index] == Score.Illegal ? null : board.Objection(index, record, definition);
            all.Add(new NodeScore(node, scores[index], objection));
        }

        return all.MoveToImmutable();
    }

    /// <summary>It runs on a live node: it moves only when a node came that suits it better, and stops only when a rule says so.</summary>
    private static ServicePlan Running(Case @case)
    {
        ServiceRecord record = @case.Record;
        if (record is { State: ServiceState.Started, Journey: { Intent: Intent.Migrate, Target: { } wanted } })
        {
            return @case.CanTake(wanted)
                ? @case.PutOn(wanted, PlacementAction.Migrate, $"an operator asked for it: migrating from {record.Owner} to {wanted}")
                : @case.With(PlacementAction.Stay, record.Owner, $"{wanted} cannot take it: {ObjectionOf(@case, wanted)}") with { Result = ResultCode.Fail };
        }

        if (record is not { State: ServiceState.Started, Journey: null, Owner: { } owner })
        {
            return @case.LeaveBusy($"an operation is under way on {record.Owner}");
        }

        ServicePlan plan = Stays(@case, owner);
        return plan.Action == PlacementAction.LeaveAlone && @case.Change is { } change ? Changed(@case, change) : plan;
    }

    /// <summary>It stays where it is, and follows a newer configuration there.</summary>
    /// <remarks>Source: rgmanager.md 2.9. All stops come before what they make room for: a resource may move from one service to another.</remarks>
    private static ServicePlan Changed(Case @case, ServiceChange change)
    {
        ServiceRecord record = @case.Record;
        if (@case.MustRest && record.RefusedFor == @case.Board.Situation.Configuration.Digest)
        {
            return @case.LeaveBusy("its node refused to change it; it is asked again later");
        }

        if (change.Kind == ServiceChangeKind.Replace)
        {
            return @case.With(PlacementAction.Replace, null, $"the configuration changed: {change.Reason}");
        }

        if (!change.Down.IsEmpty && record.PrunedFor != @case.Board.Situation.Configuration.Digest)
        {
            return @case.With(PlacementAction.Condstop, record.Owner, $"the configuration changed: {change.Reason}");
        }

        return @case.Board.StillHeld(@case.Record, @case.Definition) is { } held
            ? @case.LeaveBusy(held)
            : @case.With(PlacementAction.Condstart, record.Owner, $"the configuration changed: {change.Reason}");
    }

    private static string ObjectionOf(Case @case, NodeName node) =>
        @case.Scores.FirstOrDefault(score => score.Node == node) is { Objection: { } objection } ? objection : "its failover domain does not allow it";

    private static ServicePlan Stays(Case @case, NodeName owner)
    {
        ServiceRecord record = @case.Record;

        if (@case.Arrangements.TryGet(record.Name, out NodeName? arranged) && arranged is { } place && place != owner)
        {
            string reason = $"moving from {owner} to {place}, so that what depends on it, or must not be beside it, can run";
            if (@case.CanTake(place))
            {
                return @case.Moved(place, reason);
            }

            if (@case.IsBarredByBondsAlone(place) && @case.Board.WaitsInACircle(record.Name, place, @case.Arrangements))
            {
                return @case.PutOn(place, PlacementAction.Relocate, reason);
            }
        }

        bool isDrained = @case.Membership.IsDrained(owner);
        bool nodesChanged = @case.Cause is PlacementEvent.NodeChanged or PlacementEvent.QuorumFormed or PlacementEvent.ConfigurationChanged || !record.Newcomers.IsEmpty;
        if (!nodesChanged && !isDrained)
        {
            return Concern.MissingDependency(@case.Board, record) is { } missing ? @case.Stopped(missing)
                : @case.LeaveAlone($"it runs on {owner}");
        }

        Score present = @case.ScoreOf(owner);
        if (present > Score.Illegal && !@case.HasBetterNewcomer(present))
        {
            return @case.LeaveAlone($"it runs on {owner}, and no node that came up suits it better") with { Newcomers = [] };
        }

        if (isDrained && @case.Board.DependentOn(record.Name, owner) is { } dependent)
        {
            return @case.LeaveBusy($"{owner} is drained by an operator; {dependent}, which needs this one, leaves first");
        }

        if (isDrained)
        {
            return @case.Choose(above: Score.Illegal) is { } refuge
                ? @case.Moved(refuge, $"{owner} is drained by an operator; moving to {refuge} ({Text(@case.ScoreOf(refuge))})")
                : @case.Stopped($"{owner} is drained by an operator, and no other node can take it: {@case.WhyNobody().Reason}");
        }

        return @case.Choose(above: present) is { } better
            ? @case.Moved(better, $"relocating to better node {better} ({Text(@case.ScoreOf(better))}, {owner} is {Text(present)})", mustLeave: present == Score.Illegal)
            : present == Score.Illegal ? @case.Stopped("restricted domain unavailable: no node that may run it is online")
            : @case.LeaveAlone($"it runs on {owner}; the better nodes cannot take it: {@case.Objections()}") with { Newcomers = [] };
    }

    /// <summary>It runs nowhere: may it start now, and if so, where?</summary>
    private static ServicePlan AtRest(Case @case) => Resting(@case) ?? Placed(@case, PlacementAction.Start);

    /// <summary>The plan for what stays at rest; null for what may start now.</summary>
    private static ServicePlan? Resting(Case @case)
    {
        ServiceRecord record = @case.Record;
        bool nodesChanged = @case.Cause is PlacementEvent.NodeChanged or PlacementEvent.QuorumFormed;
        return record switch
        {
            { State: ServiceState.Failed } => @case.LeaveAlone("it has failed; only disable leaves that state"),
            { State: ServiceState.Disabled, Journey: null, IsRemoved: false } => @case.LeaveAlone("it is disabled"),
            { Journey: null } when (!record.WasEvaluated || record.IsRemoved) && !@case.Definition.IsAutostart =>
                @case.With(PlacementAction.MarkDisabled, null, "autostart is off and it never ran"),
            { Journey: null, AwaitsOperator: true } => @case.LeaveAlone("stopped by an operator until it is enabled"),
            { Journey: null, AwaitsTransition: true } when !nodesChanged => @case.LeaveAlone("stopped by an operator until the next node transition"),
            // Named by one it is tied to, it need not wait less: two that nobody can start would wake each other for ever (rule S13).
            { Journey: null } when @case.IsAskedAgain && @case.MustRest =>
                @case.LeaveAlone("its last start failed everywhere; it is tried again later"),
            { Hold: { } hold } when !@case.Board.IsVoid(record, hold) && !IsOnlineAs(@case.Board, hold) =>
                @case.With(PlacementAction.AwaitFencing, null, $"it may still run on {hold.Node}, which is not fenced yet"),
            _ => null,
        };
    }

    private static bool IsOnlineAs(Board board, Hold hold) => board.Situation.Membership.OnlineIncarnation(hold.Node) == hold.Incarnation;

    private static ServicePlan Placed(Case @case, PlacementAction action)
    {
        ServiceRecord record = @case.Record;
        Journey? journey = record.Journey;
        if (@case.WaitsFor() is { } needed)
        {
            string missing = $"it needs {needed}, which is not started{@case.Board.Aside(needed)}";
            return journey is null ? @case.LeaveAlone(missing, null) : @case.GaveUp(ResultCode.Depend, missing);
        }

        if (@case.Board.StillHeld(@case.Record, @case.Definition) is { } held)
        {
            return journey is null or { RequestIds.IsEmpty: true } ? @case.LeaveAlone(held, null) : @case.GaveUp(ResultCode.Again, held);
        }

        if (@case.Arrangements.TryGet(record.Name, out NodeName? arranged) && Arranged(@case, arranged, action) is { } plan)
        {
            return plan;
        }

        if (journey?.Target is { } target && @case.CanTake(target))
        {
            return @case.PutOn(target, action, $"{target} was asked for ({Text(@case.ScoreOf(target))})");
        }

        if (@case.Choose(above: Score.Illegal) is { } node)
        {
            string score = Text(@case.ScoreOf(node));
            return @case.PutOn(node, action, action == PlacementAction.TakeOver
                ? $"taking over from {record.Owner}, which is down, on {node} ({score})"
                : $"starting on {node} ({score})");
        }

        if (journey is { Origin: { } origin } && @case.CanReturnTo(origin))
        {
            return @case.PutOn(origin, PlacementAction.Start, $"no other node could run it; starting on {origin} again");
        }

        if (@case.Board.FindDisplaceable(@case) is { } victim)
        {
            @case.Board.Displaced[victim] = record.Name;
            return @case.LeaveAlone($"it is exclusive and waits until {victim.Name}, of a lower priority, has left {victim.Owner}", null);
        }

        (ResultCode result, string reason) = @case.WhyNobody();
        return journey is null ? @case.LeaveAlone(reason, null) : @case.GaveUp(result, reason);
    }

    /// <summary>What the arrangement says of a service that looks for a place; null where the usual rules say it.</summary>
    private static ServicePlan? Arranged(Case @case, NodeName? place, PlacementAction action)
    {
        if (place is not { } node)
        {
            return null;
        }

        string note = @case.Arrangements.NoteOf(@case.Record.Name) is { Length: > 0 } said ? $"; {said}" : "";
        return @case.CanTake(node)
            ? @case.PutOn(node, action, $"starting on {node} ({Text(@case.ScoreOf(node))}), as fits the services it is tied to{note}")
            // Others have to leave or arrive first; each that has done so asks for this again.
            : @case.LeaveAlone($"it is to start on {node} as soon as that can take it: {@case.Scores.First(score => score.Node == node).Objection}{note}", null);
    }

    private static string Text(Score score) => score switch
    {
        Score.Best => "best",
        Score.Better => "better",
        Score.Good => "good",
        _ => "illegal",
    };
}
