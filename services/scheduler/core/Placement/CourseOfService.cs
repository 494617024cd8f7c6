using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What happens to one service in the course of a forecast.</summary>
/// <param name="before">Its record as it is.</param>
internal sealed class CourseOfService(ServiceRecord before)
{
    private readonly List<string> _reasons = [];
    private readonly HashSet<NodeAction> _done = [];
    private ImmutableArray<NodeScore> _scores = [];

    /// <summary>A decision moved it, for this reason.</summary>
    public void Says(string reason)
    {
        if (!_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }

    /// <summary>A plan moved it.</summary>
    public void Follows(ServicePlan plan)
    {
        _scores = plan.Scores;
        if (plan.Action is not (PlacementAction.LeaveAlone or PlacementAction.AwaitFencing))
        {
            Says(plan.Reason);
        }
    }

    /// <summary>A node carries an order out.</summary>
    public void Does(PendingOperation order) => _done.Add(order.Action);

    /// <summary>What has become of it.</summary>
    /// <param name="after">Its record at rest.</param>
    /// <param name="word">What the planner says of that; null for one that is set aside.</param>
    /// <param name="membership">The membership under which all of it happened.</param>
    public ServiceForecast End(ServiceRecord after, ServicePlan? word, MembershipView membership)
    {
        OwnerStanding? standing = after is { Owner: { } owner, OwnerIncarnation: { } incarnation } ? membership.Of(owner, incarnation, after.Generation) : null;
        bool runs = after.State == ServiceState.Started && standing == OwnerStanding.Online;
        ForecastAction action = runs ? Running(after) : AtRest(standing);
        // One that is parked is not told that its owner has ended.
        NodeName? node = standing == OwnerStanding.Ended ? null : after.Owner;
        // Where it comes to rest somewhere else than planned, the planner's last word says why.
        string last = word is null || (runs && _reasons.Count > 0) ? "" : word.Reason;
        string reason = string.Join("; ", last.Length == 0 || _reasons.Contains(last) ? _reasons : _reasons.Append(last));
        if (!membership.IsQuorate)
        {
            (action, node, reason) = WithoutQuorum(node, membership);
        }

        return new ServiceForecast
        {
            Before = before,
            After = after,
            Action = action,
            Node = node,
            Reason = reason,
            Scores = _scores.IsEmpty ? word?.Scores ?? [] : _scores,
        };
    }

    private ForecastAction Running(ServiceRecord after) => before.Owner switch
    {
        null => ForecastAction.Start,
        { } owner when owner != after.Owner => _done.Contains(NodeAction.Migrate) ? ForecastAction.Migrate : ForecastAction.Move,
        _ when _done.Contains(NodeAction.Stop) => ForecastAction.Restart,
        _ when _done.Contains(NodeAction.Condstop) || _done.Contains(NodeAction.Condstart) => ForecastAction.Adjust,
        _ when before.State != ServiceState.Started && _done.Contains(NodeAction.Start) => ForecastAction.Start,
        _ => ForecastAction.Stay,
    };

    private ForecastAction AtRest(OwnerStanding? standing) =>
        standing is not (null or OwnerStanding.Ended) ? ForecastAction.Wait
        : before.Owner is not null ? ForecastAction.Stop
        : ForecastAction.None;

    /// <remarks>Source: messages #1 and #69: the distributed state stays as it is, and what runs stops with the leases.</remarks>
    private (ForecastAction Action, NodeName? Node, string Reason) WithoutQuorum(NodeName? node, MembershipView membership) =>
        node is not { } owner ? (before.Owner is null ? ForecastAction.None : ForecastAction.Stop, null, "the cluster is not quorate: nothing is started")
        : membership.Nodes.FirstOrDefault(known => known.Name == owner) is not { State: NodeState.Online } member ? (ForecastAction.Wait, owner, $"the cluster is not quorate, and {owner} is not online")
        : member.OnLeaseLoss == OnLeaseLoss.Stop ? (ForecastAction.Stop, null, $"the cluster is not quorate: {owner} stops what it runs when its lease ends")
        : (ForecastAction.Stay, owner, $"the cluster is not quorate: {owner} goes on running it without a lease, and nothing recovers it");
}
