using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Cli.Demo;

/// <summary>What happens in the cluster, and why, in plain words. Pure.</summary>
internal static class Narration
{
    private const string DefaultType = "service:";

    /// <summary>One step in a service's life.</summary>
    public static string Of(ServiceTransitioned step)
    {
        string name = Short(step.Service);
        string where = step.Owner is { } owner ? $" on {owner}" : "";
        string why = step.Reason.Length > 0 ? $": {step.Reason}" : "";
        return step.To switch
        {
            ServiceState.Starting => $"{name} is being started{where}{why}",
            ServiceState.Started => $"{name} runs{where}{why}",
            ServiceState.Stopping => $"{name} is being stopped{where}{why}",
            ServiceState.Stopped => $"{name} is stopped{why}",
            ServiceState.Recoverable => $"{name} failed{where} and is stopped there before anything else{why}",
            ServiceState.Recovering => $"{name} is proven stopped after its failure and may start again{why}",
            ServiceState.Failed => $"{name} could not be proven stopped{where}, so it starts nowhere else{why}",
            ServiceState.Disabled => $"{name} is off until somebody enables it{why}",
            ServiceState.Migrating => $"{name} is being moved while it runs{why}",
            _ => $"{name} is {step.To.ToString().ToLowerInvariant()}{why}",
        };
    }

    /// <summary>What changed from one membership to the next, nodes in name order; nothing where only the generation grew.</summary>
    /// <param name="before">Null for the first that is seen.</param>
    /// <param name="after">The newer one.</param>
    public static IReadOnlyList<string> Of(MembershipChanged? before, MembershipChanged after)
    {
        List<string> told = [];
        foreach (MemberNode node in after.Nodes.OrderBy(node => node.Name))
        {
            MemberNode? earlier = before?.Nodes.FirstOrDefault(candidate => candidate.Name == node.Name);
            if ((earlier?.State ?? NodeState.Absent) != node.State || (earlier?.Incarnation is not null && earlier.Incarnation != node.Incarnation))
            {
                told.Add(Of(earlier?.State ?? NodeState.Absent, node));
            }
        }

        if ((before?.IsQuorate ?? false) != after.IsQuorate)
        {
            told.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{(after.IsQuorate ? "Quorum: the nodes may run services" : "No quorum: nobody may run a service")}, {after.Votes} votes, {after.VotesNeeded} needed"));
        }

        return told;
    }

    /// <summary>The name as a person says it: without the type that is meant anyway.</summary>
    public static string Short(ServiceName service) =>
        service.Value.StartsWith(DefaultType, StringComparison.Ordinal) ? service.Value[DefaultType.Length..] : service.Value;

    private static string Of(NodeState earlier, MemberNode node) => node.State switch
    {
        NodeState.Online when earlier == NodeState.Absent => $"{node.Name} has joined",
        NodeState.Online => $"{node.Name} is back in a new life; what its old life ran is proven stopped",
        NodeState.Lost => $"{node.Name} is lost: no heartbeat for longer than its lease lasts. It might still run its services, so they wait",
        NodeState.Fenced => $"{node.Name} certainly runs nothing any more ({node.Reason}), so its services may start elsewhere",
        NodeState.Left => $"{node.Name} stopped all it ran, proved it, and left",
        _ => $"{node.Name} was never heard of",
    };
}
