using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>Which incarnations this replica should begin, or go on, to fence now (rule S6).</summary>
/// <remarks>Source: DESIGN 3, S6; <c>post_fail_delay</c> and <c>post_join_delay</c> as in fenced(8).</remarks>
public static class FencingDue
{
    /// <summary>
    /// Fencing starts only while quorate, at least one heartbeat after the loss or after a withdrawn node should have ended, and not before the
    /// nodes had time to join when quorum has just formed, and not in maintenance. What somebody asked for starts at once. What a replica left
    /// behind is taken over when its promise is broken.
    /// </summary>
    public static ImmutableArray<FencingClaim> Find(Watch watch, Reading reading, ClusterConfiguration configuration, QuorumTiming timing)
    {
        if (reading.Arbiter is not { IsQuorate: true, IsTrusted: true })
        {
            return [];
        }

        IEnumerable<FencingClaim> toCutOff = reading.Rows
            .Where(row => !row.HasEnded && configuration.FindNode(row.Node) is { HasFenceDevice: true })
            .Where(row => !IsBeingSwitchedOn(row, watch, reading))
            .OrderBy(row => row.Node)
            .Select(row => Of(row, watch, reading, configuration, timing))
            .OfType<FencingClaim>();
        return [.. toCutOff, .. ToSwitchOn(watch, reading)];
    }

    /// <summary>
    /// What was switched off for an incarnation that has ended, and whoever was to switch it on again died before. Never while a later
    /// life of the node is lost or being fenced: a device that comes on then could hide that another one never went off.
    /// </summary>
    private static IEnumerable<FencingClaim> ToSwitchOn(Watch watch, Reading reading) =>
        reading.Fences
            .Where(fence => !fence.SwitchedOff.IsEmpty && HasEnded(fence, reading) && !IsBeingFenced(fence.Node, reading))
            .Where(fence => watch.HeldFor(Fact.Fencing(fence)) >= fence.State switch
            {
                FenceState.Running => fence.Patience,
                FenceState.Failed => FenceProcedure.RetryPause,
                _ => TimeSpan.Zero,
            })
            .OrderBy(fence => fence.Node).ThenBy(fence => fence.Incarnation.Value, StringComparer.Ordinal)
            .Select(fence => new FencingClaim(fence.Node, fence.Incarnation, fence, 1, fence.Reason));

    private static FencingClaim? Of(LeaseRow row, Watch watch, Reading reading, ClusterConfiguration configuration, QuorumTiming timing)
    {
        FenceRow? fence = FenceOf(row, reading);
        return fence switch
        {
            null when !reading.Arbiter.IsMaintenance && IsLostForLongEnough(row, watch, reading, configuration, timing) =>
                new(row.Node, row.Incarnation, null, 1, row.State == LeaseState.Lost ? row.Reason : "it held a lease when quorum dissolved, and neither ended nor joined anew"),
            { State: FenceState.Wanted } => new(row.Node, row.Incarnation, fence, 1, fence.Reason),
            { State: FenceState.Running } when watch.HeldFor(Fact.Fencing(fence)) >= fence.Patience =>
                new(row.Node, row.Incarnation, fence, fence.Round, fence.Reason),
            { State: FenceState.Failed } when !reading.Arbiter.IsMaintenance && watch.HeldFor(Fact.Fencing(fence)) >= FenceProcedure.RetryPause =>
                new(row.Node, row.Incarnation, fence, 1, fence.Reason),
            _ => null,
        };
    }

    private static FenceRow? FenceOf(LeaseRow row, Reading reading) =>
        reading.Fences.FirstOrDefault(known => known.Node == row.Node && known.Incarnation == row.Incarnation);

    /// <summary>A node's devices obey one at a time: who switches on for an earlier life stops at its next step and is waited for.</summary>
    private static bool IsBeingSwitchedOn(LeaseRow row, Watch watch, Reading reading) =>
        reading.Fences.Any(fence => fence.Node == row.Node && fence.Incarnation != row.Incarnation && fence.State == FenceState.Running
            && watch.HeldFor(Fact.Fencing(fence)) < fence.Patience);

    /// <summary>At most one incarnation of a node has not ended, and that is the current one (rule S5).</summary>
    private static bool HasEnded(FenceRow fence, Reading reading) =>
        !reading.Rows.Any(row => row.Node == fence.Node && row.Incarnation == fence.Incarnation && !row.HasEnded);

    private static bool IsBeingFenced(NodeName node, Reading reading) =>
        reading.Rows.Any(row => row.Node == node && !row.HasEnded && (row.State == LeaseState.Lost || FenceOf(row, reading) is not null));

    private static bool IsLostForLongEnough(
        LeaseRow row, Watch watch, Reading reading, ClusterConfiguration configuration, QuorumTiming timing) =>
        IsLostOrDidNotEnd(row, watch, timing.HeartbeatInterval + configuration.Fencing.PostFailDelay)
        && watch.HeldFor(Fact.Formed(reading.Arbiter)) >= configuration.Fencing.PostJoinDelay;

    /// <summary>
    /// One that held a lease when quorum dissolved must end and come anew. It may heartbeat for ever without, so its silence is not waited
    /// for: only for the lease it may hold yet and for what it promised to need to stop (rules S1, S4).
    /// </summary>
    private static bool IsLostOrDidNotEnd(LeaseRow row, Watch watch, TimeSpan delay) => row.State == LeaseState.Lost
        ? watch.HeldFor(Fact.Lost(row)) >= delay
        : watch.HeldFor(Fact.Withdrawn(row)) >= TimeFencing.LongestAfterWithdrawal(row) + delay;
}
