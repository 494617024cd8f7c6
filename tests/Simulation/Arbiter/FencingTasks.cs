using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Simulation.Nodes;

namespace Quorate.Tests.Simulation.Arbiter;

/// <summary>A replica's fencings: one task for each node, the row checked again right before each agent (rule S6).</summary>
internal sealed class FencingTasks(SimulatedCluster cluster, QuorumReplica replica)
{
    private const int AgentMin = 50;
    private const int AgentMax = 600;
    private const int StepMargin = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(AgentMax + StepMargin) + FenceProcedure.RoundPause;

    private readonly SortedSet<NodeName> _working = [];
    private readonly World _world = cluster.World;

    public static string KeyOf(LeaseRow row) => KeyOf(row.Node, row.Incarnation);

    public void Offer(ImmutableArray<FencingClaim> due)
    {
        foreach (FencingClaim claim in due)
        {
            if (_working.Add(claim.Node))
            {
                _world.Begin(replica.Life, () => FenceAsync(claim));
            }
        }
    }

    private static string KeyOf(NodeName node, Incarnation incarnation) => $"fence/{node}/{incarnation}";

    private async Task FenceAsync(FencingClaim claim)
    {
        try
        {
            if (await ClaimAsync(claim) is { } row)
            {
                _world.Tell($"{replica.Life}: fences {row.Incarnation}");
                await RoundsAsync(row);
            }
        }
        catch (StoreGoneException)
        {
            // Another replica, or this one later, takes over when the promise is broken.
        }
        finally
        {
            _working.Remove(claim.Node);
        }
    }

    private async Task<FenceRow?> ClaimAsync(FencingClaim claim)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        string key = KeyOf(claim.Node, claim.Incarnation);
        if (await work.LockAsync<FenceRow>(key) != claim.Seen)
        {
            return null;
        }

        FenceRow row = new()
        {
            Node = claim.Node,
            Incarnation = claim.Incarnation,
            State = FenceState.Running,
            Claim = (claim.Seen?.Claim ?? 0) + 1,
            Step = (claim.Seen?.Step ?? 0) + 1,
            Round = claim.Round,
            Patience = Patience,
            Replica = replica.Life.ToString(),
            Reason = claim.Reason,
        };
        work.Write(key, row);
        await work.CommitAsync();
        return row;
    }

    private async Task RoundsAsync(FenceRow row)
    {
        for (int round = row.Round; ; round++)
        {
            if (await RoundAsync(row) is not { } failure)
            {
                return;
            }

            bool isLast = round >= FenceProcedure.RoundsMax;
            _world.Tell($"{replica.Life}: fencing of {row.Incarnation}, round {round} failed: {failure}");
            await _world.Delay((long)FenceProcedure.RoundPause.TotalMilliseconds, replica.Life);
            if (!await StepAsync(row, known => known with { Round = round + 1, State = isLast ? FenceState.Failed : known.State }) || isLast)
            {
                return;
            }
        }
    }

    private async Task<string?> RoundAsync(FenceRow row)
    {
        ImmutableArray<FenceMethod> methods = cluster.Configuration.FindNode(row.Node)?.FenceMethods ?? [];
        ImmutableArray<FenceResult> results = [];
        bool hasEnded = false;
        while (true)
        {
            switch (FenceProcedure.Next(methods, results, hasEnded))
            {
                case FenceStep.Run run when _world.Breaks(Mutation.FencingSkipped) && run.Action != FenceAction.On:
                    results = results.Add(new FenceResult(run.Method, run.Device, run.Action, run.Action == FenceAction.Off ? FenceOutcome.Done : FenceOutcome.IsOff, ""));
                    break;
                case FenceStep.Run run when await MayRunAsync(row, cutsOff: run.Action != FenceAction.On):
                    results = results.Add(new FenceResult(run.Method, run.Device, run.Action, await RunAgentAsync(row.Node, run), ""));
                    break;
                case FenceStep.Run when !hasEnded && await HasEndedAsync(row):
                    hasEnded = true;
                    break;
                case FenceStep.Run:
                    return null;
                case FenceStep.Conclude conclude:
                    if (!await ConcludeAsync(row, conclude.Reason))
                    {
                        return null;
                    }

                    hasEnded = true;
                    break;
                case FenceStep.GiveUp giveUp:
                    return giveUp.Reason;
                default:
                    await StepAsync(row, known => known with { State = FenceState.Done });
                    return null;
            }
        }
    }

    private async Task<FenceOutcome> RunAgentAsync(NodeName node, FenceStep.Run run)
    {
        Machine machine = cluster.MachineOf(node);
        await _world.Delay(_world.Chance.Between(AgentMin, AgentMax), replica.Life);
        if (cluster.IsBroken(node, run.Method))
        {
            return FenceOutcome.Failed;
        }

        switch (run.Action)
        {
            case FenceAction.Off:
                machine.SwitchOff("fenced");
                return FenceOutcome.Done;
            case FenceAction.Status:
                return machine.IsOn ? FenceOutcome.IsOn : FenceOutcome.IsOff;
            default:
                machine.SwitchOn();
                return FenceOutcome.Done;
        }
    }

    private async Task<bool> MayRunAsync(FenceRow row, bool cutsOff)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        FenceRow? known = await work.LockAsync<FenceRow>(KeyOf(row.Node, row.Incarnation));
        NodeLeases? leases = work.Seen<NodeLeases>(NodeLeases.KeyOf(row.Node));
        ArbiterState? arbiter = work.Seen<ArbiterRow>(ArbiterRow.Key)?.State;
        bool isWanted = !cutsOff || (leases?.Find(row.Incarnation) is { HasEnded: false } && arbiter is { IsQuorate: true, IsTrusted: true });
        if (!IsMine(known, row) || known is null || !isWanted)
        {
            return false;
        }

        work.Write(KeyOf(row.Node, row.Incarnation), known with { Step = known.Step + 1 });
        await work.CommitAsync();
        return true;
    }

    private async Task<bool> HasEndedAsync(FenceRow row)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        FenceRow? known = await work.ReadAsync<FenceRow>(KeyOf(row.Node, row.Incarnation));
        return IsMine(known, row) && work.Seen<NodeLeases>(NodeLeases.KeyOf(row.Node))?.Find(row.Incarnation) is { HasEnded: true };
    }

    private async Task<bool> StepAsync(FenceRow row, Func<FenceRow, FenceRow> next)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        FenceRow? known = await work.LockAsync<FenceRow>(KeyOf(row.Node, row.Incarnation));
        if (!IsMine(known, row) || known is null)
        {
            return false;
        }

        work.Write(KeyOf(row.Node, row.Incarnation), next(known) with { Step = known.Step + 1 });
        await work.CommitAsync();
        return true;
    }

    private async Task<bool> ConcludeAsync(FenceRow row, string reason)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        FenceRow? known = await work.LockAsync<FenceRow>(KeyOf(row.Node, row.Incarnation));
        NodeLeases leases = await work.LockAsync<NodeLeases>(NodeLeases.KeyOf(row.Node)) ?? NodeLeases.None;
        if (!IsMine(known, row))
        {
            return false;
        }

        LeaseRow? lease = _world.Breaks(Mutation.FencedByName) ? leases.Current : leases.Find(row.Incarnation);
        if (lease is { HasEnded: false })
        {
            work.Write(NodeLeases.KeyOf(row.Node), leases.With(lease.Become(LeaseState.Fenced, replica.Wall, $"fenced by {reason}")));
            await work.CommitAsync();
            _world.Tell($"{replica.Life}: {lease.Incarnation} becomes Fenced: {reason}");
            replica.Kick();
        }

        return true;
    }

    private static bool IsMine(FenceRow? known, FenceRow row) => known is { State: FenceState.Running } && known.Claim == row.Claim;
}
