using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>Load, decide, write: the one path of every event of one service, and of every plan.</summary>
internal sealed class Decisions(SimulatedCluster cluster, SchedulerReplica replica)
{
    public const string NewestMembership = "membership/newest";
    public const string EvaluatedMembership = "membership/evaluated";

    private readonly World _world = cluster.World;

    /// <summary>Decides about a service whose row is locked in this transaction.</summary>
    public async Task DecideAsync(Transaction work, ServiceRow row, ServiceEvent cause)
    {
        MembershipChanged? membership = await work.ReadAsync<MembershipChanged>(NewestMembership);
        await replica.Looks.RequireAsync(work, membership);
        MembershipView view = membership is null ? MembershipView.Empty : MembershipView.From(membership);
        Write(work, row, Lifecycle.Decide(SituationOf(row.Record, view), cause), cause.GetType().Name);
    }

    public ServiceSituation SituationOf(ServiceRecord record, MembershipView membership) => new()
    {
        Service = record,
        Configuration = replica.Configuration,
        Membership = membership,
        Now = replica.Wall,
        Timeouts = OperationTimeouts.Default,
    };

    /// <summary>Writes the record and what it asks for, to be committed together (rule S12).</summary>
    public void Write(Transaction work, ServiceRow before, Decision decision, string cause)
    {
        if (decision.IsChanged)
        {
            work.Write(ServiceRow.KeyOf(before.Record.Name), new ServiceRow(Kept(decision), before.Version + 1));
            _world.Tell($"{replica.Life}: {before.Record.Name} {before.Record.State} -> {decision.Next.State}, owner {decision.Next.Owner} {decision.Next.OwnerIncarnation}, epoch {decision.Next.Epoch} ({cause}): {decision.Reason}");
        }

        foreach (Effect effect in decision.Effects)
        {
            switch (effect)
            {
                case Effect.Operate { Command: var order }:
                    work.Send(cluster.QueueOf(order.Node, order.Incarnation), order);
                    break;
                case Effect.Fence { Command: var order }:
                    work.Send("quorum", order);
                    break;
                case Effect.Answer answer:
                    Answer(work, answer);
                    break;
                case Effect.NeedsPlacement { Services: var services }:
                    work.OnCommitted(() => replica.NeedPlacement(services));
                    break;
            }
        }
    }

    /// <summary>The broken rule: who does not answer in time counts as gone.</summary>
    public void ReplaceOwner(Transaction work, ServiceRow row)
    {
        ServiceRecord next = row.Record with
        {
            State = ServiceState.Stopped,
            Owner = null,
            OwnerIncarnation = null,
            Pending = null,
            Hold = null,
            Journey = null,
            Reason = "no answer in time",
        };
        work.Write(ServiceRow.KeyOf(next.Name), new ServiceRow(next, row.Version + 1));
        foreach (string requestId in row.Record.Journey?.RequestIds ?? [])
        {
            Answer(work, new Effect.Answer(requestId, ResultCode.Fail, null, ["no answer in time"]));
        }

        work.OnCommitted(() => replica.NeedPlacement([next.Name]));
    }

    private ServiceRecord Kept(Decision decision) =>
        _world.Breaks(Mutation.DeadlineDoneWhenPublished) && decision.Next.Pending is { } pending
            ? decision.Next with { Pending = pending with { Deadline = DateTimeOffset.MaxValue } }
            : _world.Breaks(Mutation.HoldForgotten) ? decision.Next with { Hold = null }
            : decision.Next;

    private void Answer(Transaction work, Effect.Answer answer)
    {
        string key = CommandRow.KeyOf(answer.RequestId);
        if (work.Seen<CommandRow>(key) is { } row && (row.Answers == 0 || _world.Breaks(Mutation.AnswerUnchecked)))
        {
            work.Write(key, row with { Answers = row.Answers + 1, Result = answer.Result });
            _world.Tell($"{replica.Life}: answers {answer.RequestId}: {answer.Result} {string.Join("; ", answer.Reasons)}");
        }
    }
}
