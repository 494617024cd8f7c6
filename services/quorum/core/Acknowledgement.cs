using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>An operator's word that a lost node runs nothing. It concerns one incarnation, never a name (rule S5).</summary>
public static class Acknowledgement
{
    /// <summary>Decides on <see cref="AcknowledgeFence"/>.</summary>
    /// <param name="command">What the operator said.</param>
    /// <param name="named">The row of the incarnation the command names; null when that was never admitted.</param>
    /// <param name="current">The node's current row; null when the node was never admitted.</param>
    /// <param name="arbiter">A node that held a lease when quorum dissolved counts as lost though its heartbeats arrive (rule S1).</param>
    /// <param name="now">For <see cref="LeaseRow.Since"/>.</param>
    public static AcknowledgementDecision Decide(AcknowledgeFence command, LeaseRow? named, LeaseRow? current, ArbiterState arbiter, DateTimeOffset now)
    {
        if (current is null)
        {
            return new AcknowledgementDecision.Refuse(ResultCode.NoNode, $"node '{command.Node}' never joined: there is nothing to acknowledge");
        }

        if (command.Incarnation is not { } meant)
        {
            return new AcknowledgementDecision.Refuse(
                ResultCode.Invalid,
                $"which life of node '{command.Node}' is meant is not said, and this may have been on its way for long: name the incarnation; now it is {current.Incarnation}");
        }

        if (named is not { } row)
        {
            return new AcknowledgementDecision.Refuse(ResultCode.Invalid, $"node '{command.Node}' never had the incarnation {meant}");
        }

        if (row.Incarnation != current.Incarnation)
        {
            return new AcknowledgementDecision.Refuse(
                ResultCode.Invalid, $"node '{command.Node}' has joined again since, as incarnation {current.Incarnation}; {row.Incarnation} ended before that");
        }

        return row.State switch
        {
            _ when row.State == LeaseState.Lost || row.MustComeAnew(arbiter) => new AcknowledgementDecision.Accept(
                row.Become(LeaseState.Fenced, now, $"an operator says that it runs nothing (request {command.RequestId})"),
                $"node '{command.Node}', incarnation {row.Incarnation}, counts as fenced"),
            LeaseState.Live => new AcknowledgementDecision.Refuse(
                ResultCode.Invalid, $"node '{command.Node}' is online: its heartbeats arrive, so it may run services"),
            _ => new AcknowledgementDecision.AlreadyEnded($"node '{command.Node}', incarnation {row.Incarnation}, ended before: {row.Reason}"),
        };
    }
}
