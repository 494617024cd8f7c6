using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>Which incarnations this replica should begin, or go on, to fence now (rule S6).</summary>
/// <remarks>Source: DESIGN 3, S6; <c>post_fail_delay</c> and <c>post_join_delay</c> as in fenced(8).</remarks>
public static class FencingDue
{
    /// <summary>
    /// Fencing starts only while quorate, at least one heartbeat after the loss, and not before the nodes had time to join when quorum has
    /// just formed. What somebody asked for starts at once. What a replica left behind is taken over when its promise is broken.
    /// </summary>
    public static ImmutableArray<FencingClaim> Find(Watch watch, Reading reading, ClusterConfiguration configuration, QuorumTiming timing)
    {
        if (reading.Arbiter is not { IsQuorate: true, IsTrusted: true })
        {
            return [];
        }

        return [.. reading.Rows
            .Where(row => !row.HasEnded && configuration.FindNode(row.Node) is { HasFenceDevice: true })
            .OrderBy(row => row.Node)
            .Select(row => Of(row, watch, reading, configuration, timing))
            .OfType<FencingClaim>()];
    }

    private static FencingClaim? Of(LeaseRow row, Watch watch, Reading reading, ClusterConfiguration configuration, QuorumTiming timing)
    {
        FenceRow? fence = reading.Fences.FirstOrDefault(known => known.Node == row.Node && known.Incarnation == row.Incarnation);
        return fence switch
        {
            null when IsLostForLongEnough(row, watch, reading, configuration, timing) => new(row.Node, row.Incarnation, null, 1, row.Reason),
            { State: FenceState.Wanted } => new(row.Node, row.Incarnation, fence, 1, fence.Reason),
            { State: FenceState.Running } when watch.HeldFor(Fact.Fencing(fence)) >= fence.Patience =>
                new(row.Node, row.Incarnation, fence, fence.Round, fence.Reason),
            { State: FenceState.Failed } when watch.HeldFor(Fact.Fencing(fence)) >= FenceProcedure.RetryPause =>
                new(row.Node, row.Incarnation, fence, 1, fence.Reason),
            _ => null,
        };
    }

    private static bool IsLostForLongEnough(
        LeaseRow row, Watch watch, Reading reading, ClusterConfiguration configuration, QuorumTiming timing) =>
        row.State == LeaseState.Lost
        && watch.HeldFor(Fact.Lost(row)) >= timing.HeartbeatInterval + configuration.Fencing.PostFailDelay
        && watch.HeldFor(Fact.Formed(reading.Arbiter)) >= configuration.Fencing.PostJoinDelay;
}
