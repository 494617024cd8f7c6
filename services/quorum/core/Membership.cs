using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core;

/// <summary>
/// From lease rows to the membership everyone acts on. Votes are presence and count whoever heartbeats; permission is another matter
/// (rule S1): after quorum formed, an incarnation that held a lease before counts as lost until it is admitted anew or fenced.
/// </summary>
/// <remarks>Source: rgmanager.md 4.2; cman's votes, expected_votes and two_node (DESIGN 4).</remarks>
public static class Membership
{
    /// <summary>The next generation, or null when nothing changed.</summary>
    public static MembershipTransition? Evaluate(MembershipSituation situation)
    {
        int votes = CountVotes(situation.Configuration, situation.Rows);
        bool isQuorate = IsQuorateNow(situation, votes);
        ArbiterState arbiter = situation.Arbiter with
        {
            Generation = Math.Max(situation.Arbiter.Generation, situation.HighestGenerationSeen) + 1,
            IsQuorate = isQuorate,
        };
        bool hasFormed = isQuorate && !situation.Arbiter.IsQuorate;
        // A lock was for the cluster as it was: one that forms anew has services to start (rgmanager.md 3.9).
        arbiter = hasFormed ? arbiter with { FormedAt = arbiter.Generation, IsLocked = false } : arbiter;
        MembershipChanged next = new()
        {
            Generation = arbiter.Generation,
            IsQuorate = isQuorate,
            Votes = votes,
            VotesNeeded = situation.Configuration.Quorum.VotesNeeded,
            IsMaintenance = arbiter.IsMaintenance,
            IsLocked = arbiter.IsLocked,
            ConfigurationVersion = situation.Configuration.Version,
            ConfigurationDigest = situation.Configuration.Digest,
            Nodes = MembersOf(situation, arbiter),
        };
        ImmutableArray<string> changes = ChangesBetween(situation.Previous, next);
        return changes.IsEmpty
            ? null
            : new MembershipTransition(arbiter, next, hasFormed, situation.Arbiter.IsQuorate && !isQuorate, string.Join("; ", changes));
    }

    /// <summary>The votes of the configured nodes that are present.</summary>
    public static int CountVotes(ClusterConfiguration configuration, ImmutableArray<LeaseRow> rows) =>
        rows.Where(row => row.State == LeaseState.Live).Sum(row => configuration.FindNode(row.Node)?.Votes ?? 0);

    private static bool IsQuorateNow(MembershipSituation situation, int votes)
    {
        if (!situation.Arbiter.IsTrusted || votes < situation.Configuration.Quorum.VotesNeeded)
        {
            return false;
        }

        // Forming waits a little for latecomers, so that services start on the right nodes at once; staying quorate does not.
        return situation.Arbiter.IsQuorate
            || situation.EnoughVotesFor >= situation.Timing.FormationSettle
            || situation.Configuration.Nodes.All(node => situation.Rows.Any(row => row.Node == node.Name && row.State == LeaseState.Live));
    }

    private static ImmutableArray<MemberNode> MembersOf(MembershipSituation situation, ArbiterState arbiter)
    {
        ImmutableDictionary<NodeName, LeaseRow> rows = situation.Rows.ToImmutableDictionary(row => row.Node);
        ImmutableDictionary<NodeName, MemberNode> previous =
            situation.Previous?.Nodes.ToImmutableDictionary(node => node.Name) ?? ImmutableDictionary<NodeName, MemberNode>.Empty;
        IEnumerable<MemberNode> configured = situation.Configuration.Nodes
            .Select(node => MemberOf(node, rows.GetValueOrDefault(node.Name), arbiter));
        // A node taken out of the configuration stays named, whatever its state: that it has ended must be said, since a node that
        // is not named proves nothing (S5), and services it owned would wait for ever.
        IEnumerable<MemberNode> removed = situation.Rows
            .Where(row => situation.Configuration.FindNode(row.Node) is null)
            .Select(row => MemberOf(new ClusterNode(row.Node, 0, 0), row, arbiter));
        return [.. configured.Concat(removed).OrderBy(node => node.Name).Select(DateIt)];

        MemberNode DateIt(MemberNode member) =>
            previous.GetValueOrDefault(member.Name) is { } before && before.State == member.State && before.Incarnation == member.Incarnation
                ? member with { Since = before.Since }
                : member with { Since = situation.Now };
    }

    private static MemberNode MemberOf(ClusterNode node, LeaseRow? row, ArbiterState arbiter)
    {
        bool mustComeAnew = row?.MustComeAnew(arbiter) == true;
        return new MemberNode
        {
            Name = node.Name,
            Id = node.Id,
            Votes = node.Votes,
            Incarnation = row?.Incarnation,
            Since = default,
            OnLeaseLoss = row?.ConfirmedOnLeaseLoss ?? OnLeaseLoss.Stop,
            IsDrained = arbiter.Drained.Contains(node.Name),
            State = mustComeAnew ? NodeState.Lost : StateOf(row),
            Reason = mustComeAnew ? "it held a lease when quorum dissolved, and must end and join anew" : row?.Reason ?? "never heard of",
        };
    }

    private static NodeState StateOf(LeaseRow? row) => row?.State switch
    {
        null => NodeState.Absent,
        LeaseState.Live => NodeState.Online,
        LeaseState.Lost => NodeState.Lost,
        LeaseState.Fenced => NodeState.Fenced,
        _ => NodeState.Left,
    };

    private static ImmutableArray<string> ChangesBetween(MembershipChanged? previous, MembershipChanged next)
    {
        if (previous is null)
        {
            return ["first generation"];
        }

        ImmutableArray<string>.Builder changes = ImmutableArray.CreateBuilder<string>();
        if (previous.IsQuorate != next.IsQuorate)
        {
            changes.Add(next.IsQuorate ? $"quorum formed with {next.Votes} of {next.VotesNeeded} votes" : $"quorum dissolved, {next.Votes} of {next.VotesNeeded} votes");
        }

        if (previous.IsMaintenance != next.IsMaintenance)
        {
            changes.Add(next.IsMaintenance ? "maintenance begins" : "maintenance ends");
        }

        if (previous.IsLocked != next.IsLocked)
        {
            changes.Add(next.IsLocked ? "locked by an operator" : "unlocked");
        }

        if (previous.ConfigurationDigest != next.ConfigurationDigest)
        {
            changes.Add($"counting by configuration version {next.ConfigurationVersion}");
        }

        if (previous.Votes != next.Votes || previous.VotesNeeded != next.VotesNeeded)
        {
            changes.Add($"votes {next.Votes} of {next.VotesNeeded}");
        }

        Dictionary<NodeName, MemberNode> before = previous.Nodes.ToDictionary(node => node.Name);
        changes.AddRange(next.Nodes
            .Where(node => before.GetValueOrDefault(node.Name) != node)
            .Select(node => $"{node.Name} {node.State.ToString().ToLowerInvariant()}{(node.IsDrained ? ", drained" : "")} ({node.Reason})"));
        changes.AddRange(before.Keys.Except(next.Nodes.Select(node => node.Name)).Order().Select(name => $"{name} removed"));
        return changes.ToImmutable();
    }
}
