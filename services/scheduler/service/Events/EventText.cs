using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Service.Events;

/// <summary>What happened, in a sentence for a person who reads one line after another.</summary>
internal static class EventText
{
    public static string Of(ServiceTransitioned transition) =>
        $"{transition.Service} is {Word(transition.To)}{(transition.Owner is { } owner ? $" on {owner}" : "")} (was {Word(transition.From)}): {transition.Reason}";

    public static string Of(CommandAnswered answer) =>
        $"request {answer.RequestId}{(answer.Service is { } service ? $" for {service}" : "")}: {ResultCodeText.Of(answer.Result)}{(answer.Reasons is [.., var reason] ? $"; {reason}" : "")}";

    public static string Of(FenceAttempted attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"fencing {attempt.Node}: {attempt.Agent} {attempt.Device} {attempt.Action}, round {attempt.Round}: {attempt.Outcome}{(attempt.Detail.Length == 0 ? "" : $", {attempt.Detail}")}");

    /// <summary>What a membership changed; null for nothing that a person would ask about.</summary>
    /// <param name="before">The one before; null for the first.</param>
    /// <param name="after">The new one.</param>
    public static string? Of(MembershipChanged? before, MembershipChanged after)
    {
        Dictionary<NodeName, MemberNode> known = before?.Nodes.ToDictionary(node => node.Name) ?? [];
        List<string> said = [.. after.Nodes.Select(node => Of(known.GetValueOrDefault(node.Name), node)).OfType<string>()];
        if (before?.IsQuorate != after.IsQuorate)
        {
            said.Add(string.Create(CultureInfo.InvariantCulture, $"the cluster is {(after.IsQuorate ? "quorate" : "not quorate")} ({after.Votes} votes, {after.VotesNeeded} needed)"));
        }

        Add(before?.IsMaintenance ?? false, after.IsMaintenance, "the cluster is in maintenance", "maintenance is over");
        Add(before?.IsLocked ?? false, after.IsLocked, "the cluster is locked", "the cluster is unlocked");
        return said.Count == 0 ? null : string.Join("; ", said);

        void Add(bool was, bool isSo, string begun, string ended)
        {
            if (was != isSo)
            {
                said.Add(isSo ? begun : ended);
            }
        }
    }

    private static string? Of(MemberNode? before, MemberNode after) => after switch
    {
        _ when before?.State != after.State || before.Incarnation != after.Incarnation =>
            before is null && after.State == NodeState.Absent ? null : $"{after.Name} is {after.State.ToString().ToLowerInvariant()}{(after.Reason.Length == 0 ? "" : $" ({after.Reason})")}",
        _ when before.IsDrained != after.IsDrained => after.IsDrained ? $"{after.Name} is drained" : $"{after.Name} is in use again",
        _ => null,
    };

    private static string Word(ServiceState state) => state.ToString().ToLowerInvariant();
}
