using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>What to think of before doing what was simulated.</summary>
internal static class SimulationWarnings
{
    public static IEnumerable<string> Of(
        SimulatedSituation situation, ForecastOutcome outcome, ConfigurationResult? offered, ImmutableSortedSet<NodeName> down)
    {
        if (situation.Objection is { } objection)
        {
            yield return $"config apply would refuse this configuration, and nothing of this would happen: {objection}";
        }
        MembershipChanged assumed = situation.Assumed.Newest;
        if (!situation.Live.Newest.IsQuorate)
        {
            yield return "the cluster is not quorate now: nothing is started before it is";
        }
        else if (!assumed.IsQuorate)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"quorum would dissolve, with {assumed.Votes} of {assumed.VotesNeeded} votes needed: every service stops, and nothing is started until it forms again");
        }
        if (assumed.IsMaintenance)
        {
            yield return "the cluster is in maintenance: no node is fenced and nothing is recovered before that ends";
        }
        if (assumed.IsLocked)
        {
            yield return "the cluster is locked: nothing is started before it is unlocked";
        }
        if (situation.Assumed.Configuration.ResourceManager.IsDisabled)
        {
            yield return "the resource manager is disabled in the configuration: nothing is placed";
        }
        foreach (string warning in OfNodes(situation, down))
        {
            yield return warning;
        }
        foreach (RowUnreadableException broken in situation.Unreadable)
        {
            yield return $"{broken.Service} is left out, its row cannot be read: {broken.Message}";
        }
        if (!outcome.IsSettled)
        {
            yield return $"it had not come to rest after {Forecast.RoundsMax} looks of the planner: what is said of the services is not the end";
        }
        foreach (ConfigProblem problem in offered?.Problems ?? [])
        {
            yield return ConfigurationChange.TextOf(problem);
        }
    }

    private static IEnumerable<string> OfNodes(SimulatedSituation situation, ImmutableSortedSet<NodeName> down)
    {
        foreach (MemberNode node in situation.Live.Newest.Nodes)
        {
            bool isDown = down.Contains(node.Name);
            if (isDown && node.State != NodeState.Online)
            {
                yield return $"{node.Name} is {node.State.ToString().ToLowerInvariant()} already; it is taken as proven to run nothing";
            }
            else if (isDown && node.OnLeaseLoss != OnLeaseLoss.Stop && situation.Assumed.Configuration.FindNode(node.Name) is not { HasFenceDevice: true })
            {
                yield return $"no time fences {node.Name} and it has no fence device: its services wait until somebody says that it is off (quorate fence ack {node.Name})";
            }
            else if (!isDown && node.State == NodeState.Lost)
            {
                yield return $"{node.Name} is lost and not fenced yet: what it ran waits for that";
            }
            else if (!isDown && node.IsDrained)
            {
                yield return $"{node.Name} is drained: nothing is started there";
            }
        }
    }
}
