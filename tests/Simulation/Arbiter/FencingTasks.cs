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

    /// <summary>The rows that are not done: of incarnations that have not ended, or with devices that wait to be switched on.</summary>
    public static async Task<ImmutableArray<FenceRow>> ReadOpenAsync(Transaction work, ImmutableArray<NodeLeases> leases)
    {
        IReadOnlyList<LeaseRow> all = [.. leases.SelectMany(node => node.Rows)];
        IReadOnlyList<FenceRow?> fences = await work.ReadAllAsync<FenceRow>(all.Select(KeyOf));
        return [.. fences.Zip(all).Where(pair => pair.First is { State: not FenceState.Done } fence && (!pair.Second.HasEnded || !fence.SwitchedOff.IsEmpty)).Select(pair => pair.First!)];
    }

    /// <summary>Somebody wants it fenced. One that is under way goes on as it is.</summary>
    public static async Task RequestAsync(Transaction work, LeaseRow lease, string reason)
    {
        FenceRow? known = await work.LockAsync<FenceRow>(KeyOf(lease));
        if (known is null or { State: FenceState.Failed })
        {
            work.Write(KeyOf(lease), new FenceRow
            {
                Node = lease.Node,
                Incarnation = lease.Incarnation,
                State = FenceState.Wanted,
                Claim = known?.Claim ?? 0,
                Step = known is null ? 0 : known.Step + 1,
                Round = known?.Round ?? 0,
                Patience = known?.Patience ?? TimeSpan.Zero,
                Replica = known?.Replica ?? "",
                Reason = reason,
                SwitchedOff = known?.SwitchedOff ?? [],
            });
        }
    }

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
            SwitchedOff = claim.Seen?.SwitchedOff ?? [],
        };
        work.Write(key, row);
        await work.CommitAsync();
        return row;
    }

    private async Task RoundsAsync(FenceRow row)
    {
        for (int round = row.Round; ; round++)
        {
            (row, string? failure) = await RoundAsync(row);
            if (failure is null)
            {
                return;
            }

            _world.Tell($"{replica.Life}: fencing of {row.Incarnation}, round {round} failed: {failure}");
            if (round >= FenceProcedure.RoundsMax)
            {
                await StepAsync(row, known => known with { State = FenceState.Failed });
                return;
            }

            await _world.Delay((long)FenceProcedure.RoundPause.TotalMilliseconds, replica.Life);
            if (!await StepAsync(row, known => known with { Round = round + 1 }))
            {
                return;
            }
        }
    }

    private async Task<(FenceRow Row, string? Failure)> RoundAsync(FenceRow row)
    {
        ImmutableArray<FenceMethod> methods = cluster.Configuration.FindNode(row.Node)?.FenceMethods ?? [];
        ImmutableArray<FenceResult> results = [];
        bool hasEnded = await HasEndedAsync(row);
        while (true)
        {
            switch (FenceProcedure.Next(methods, results, row.SwitchedOff, hasEnded))
            {
                case FenceStep.Run run when _world.Breaks(Mutation.FencingSkipped) && run.Action != FenceAction.On:
                    results = results.Add(new FenceResult(run.Method, run.Device, run.Action, run.Action == FenceAction.Off ? FenceOutcome.Done : FenceOutcome.IsOff, ""));
                    break;
                case FenceStep.Run run:
                    await _world.Delay((long)run.Pause.TotalMilliseconds, replica.Life);
                    FenceTarget target = new(run.Method, run.Device);
                    FenceRow next = run.Action == FenceAction.Off && !row.SwitchedOff.Contains(target) ? row with { SwitchedOff = row.SwitchedOff.Add(target) } : row;
                    if (await MayRunAsync(next, run.Action))
                    {
                        row = next;
                        results = results.Add(new FenceResult(run.Method, run.Device, run.Action, await RunAgentAsync(row.Node, run), ""));
                        break;
                    }

                    if (!hasEnded && await HasEndedAsync(row))
                    {
                        hasEnded = true;
                        break;
                    }

                    if (hasEnded)
                    {
                        await StepAsync(row, known => known with { State = FenceState.Failed });
                    }

                    return (row, null);
                case FenceStep.Conclude conclude:
                    if (!await ConcludeAsync(row, conclude.Reason))
                    {
                        return (row, null);
                    }

                    hasEnded = true;
                    break;
                case FenceStep.GiveUp giveUp:
                    return (row, giveUp.Reason);
                case FenceStep.StaysOff staysOff:
                    _world.Tell($"{replica.Life}: {row.Node} stays off: {staysOff.Reason}");
                    await StepAsync(row, known => known with { State = FenceState.Done });
                    return (row, null);
                default:
                    await StepAsync(row, known => known with { State = FenceState.Done });
                    return (row, null);
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

    private async Task<bool> MayRunAsync(FenceRow row, FenceAction action)
    {
        using Transaction work = cluster.Store.Begin(replica.Life);
        FenceRow? known = await work.LockAsync<FenceRow>(KeyOf(row.Node, row.Incarnation));
        NodeLeases leases = work.Seen<NodeLeases>(NodeLeases.KeyOf(row.Node)) ?? NodeLeases.None;
        ArbiterState? arbiter = work.Seen<ArbiterRow>(ArbiterRow.Key)?.State;
        bool isFencedAgain = leases.Rows.Any(lease => lease.State == LeaseState.Lost
            || (!lease.HasEnded && work.Seen<FenceRow>(KeyOf(lease)) is { State: not FenceState.Done }));
        bool isQuorate = arbiter is { IsQuorate: true, IsTrusted: true } || _world.Breaks(Mutation.FencesWhileInquorate);
        bool isWanted = action == FenceAction.On
            ? !isFencedAgain
            : leases.Find(row.Incarnation) is { HasEnded: false } && isQuorate;
        if (!IsMine(known, row) || known is null || !isWanted)
        {
            return false;
        }

        work.Write(KeyOf(row.Node, row.Incarnation), known with { Step = known.Step + 1, SwitchedOff = row.SwitchedOff });
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
        // The lease before the fence row, as production locks them.
        NodeLeases leases = await work.LockAsync<NodeLeases>(NodeLeases.KeyOf(row.Node)) ?? NodeLeases.None;
        FenceRow? known = await work.LockAsync<FenceRow>(KeyOf(row.Node, row.Incarnation));
        if (!IsMine(known, row))
        {
            return false;
        }

        LeaseRow? lease = _world.Breaks(Mutation.FencedByName) ? leases.Current : leases.Find(row.Incarnation);
        work.Write(KeyOf(row.Node, row.Incarnation), known! with { Step = known!.Step + 1 }); // It is this replica's, so it is there.
        if (lease is { HasEnded: false })
        {
            work.Write(NodeLeases.KeyOf(row.Node), leases.With(lease.Become(LeaseState.Fenced, replica.Wall, $"fenced by {reason}")));
            _world.Tell($"{replica.Life}: {lease.Incarnation} becomes Fenced: {reason}");
        }

        await work.CommitAsync();
        replica.Kick();
        return true;
    }

    private static bool IsMine(FenceRow? known, FenceRow row) => known is { State: FenceState.Running } && known.Claim == row.Claim;
}
