using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Quorum.Service.Configuration;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>
/// Fences what the ticker found due, one task for each node: claims it in the database, so that one replica alone works on it, and takes
/// one step of <see cref="FenceProcedure"/> after the other. Right before each agent the row is checked again (rule S6); a replica that
/// lost its claim runs nothing more.
/// </summary>
internal sealed class FencingWorker(
    UnitOfWorkFactory units, ConfigurationInForce configuration, FenceAgents agents, FenceAgentSettings settings, QuorateOptions options,
    ReplicaView view, MessageRaiser raiser, TimeProvider time, ILogger<FencingWorker> logger) : BackgroundService
{
    private const string Component = "quorum";

    /// <summary>Claims that may wait; what is dropped is found due again at the next tick.</summary>
    private const int ClaimsMax = 256;

    /// <summary>What this replica's own work may take on top of an agent's time before another one takes over.</summary>
    private static readonly TimeSpan StepMargin = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before each further try of a statement; the last one again and again.</summary>
    private static readonly TimeSpan[] RetryPauses =
        [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    private readonly Channel<FencingClaim> _claims = Channel.CreateBounded<FencingClaim>(new BoundedChannelOptions(ClaimsMax) { SingleReader = true });
    private readonly ConcurrentDictionary<NodeName, Task> _working = new();

    /// <summary>While its step stands still for no longer than this, a fencing is this replica's.</summary>
    private TimeSpan Patience => settings.Timeout + FenceProcedure.RoundPause + StepMargin;

    /// <summary>Takes note of what is due; what this replica works on already is left alone.</summary>
    public void Offer(ImmutableArray<FencingClaim> due)
    {
        foreach (FencingClaim claim in due.Where(claim => !IsWorkingOn(claim.Node)))
        {
            _claims.Writer.TryWrite(claim);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (FencingClaim claim in _claims.Reader.ReadAllAsync(stoppingToken))
            {
                if (!IsWorkingOn(claim.Node))
                {
                    _working[claim.Node] = Task.Run(() => FenceSafelyAsync(claim, stoppingToken), CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: agents under way are ended, and another replica takes over.
        }

        await Task.WhenAll(_working.Values);
    }

    private async Task FenceSafelyAsync(FencingClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            FenceRow? row = await RunAsync((store, _) => store.ClaimAsync(claim, options.Replica, Patience), cancellationToken);
            if (row is not null)
            {
                logger.FencingBegins(row.Node.Value, row.Incarnation.Value, row.Claim, row.Reason);
                using Activity? span = Traces.Begin($"fence {row.Node}", await TraceAsync(row, cancellationToken));
                span?.SetTag("quorate.node", row.Node.Value).SetTag("quorate.incarnation", row.Incarnation.Value).SetTag("quorate.reason", row.Reason);
                await FenceAsync(row, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The claim stands; when this replica's promise is broken another one goes on.
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            logger.FencingInterrupted(claim.Node.Value, failure.Message);
        }
    }

    /// <summary>Where the trace of the loss stands, or of the order to fence; null when there is none.</summary>
    private async Task<string?> TraceAsync(FenceRow row, CancellationToken cancellationToken) => (await RunAsync(
        (_, work) => new LeaseStore(work.Connection, work.Transaction, work.Dialect).TracesAsync([(row.Node, row.Incarnation)]), cancellationToken))
        .GetValueOrDefault(row.Node);

    /// <summary>Asked of the task itself: one that ends before it is noted down would stay noted, and the node never be fenced again.</summary>
    private bool IsWorkingOn(NodeName node) => _working.TryGetValue(node, out Task? task) && !task.IsCompleted;

    private async Task FenceAsync(FenceRow row, CancellationToken cancellationToken)
    {
        ImmutableArray<FenceMethod> methods = configuration.Current.FindNode(row.Node)?.FenceMethods ?? [];
        for (int round = row.Round; ; round++)
        {
            (row, string? failure) = await RoundAsync(row, methods, round, cancellationToken);
            if (failure is null)
            {
                return;
            }

            if (round >= FenceProcedure.RoundsMax)
            {
                await EndAsync(row, FenceState.Failed, CatalogueMessage.FencingFailed, failure, cancellationToken);
                return;
            }

            logger.FencingRoundFailed(row.Node.Value, round, FenceProcedure.RoundsMax, failure);
            await Task.Delay(FenceProcedure.RoundPause, time, cancellationToken);
            if (!await RunAsync((store, _) => store.NextRoundAsync(row, round + 1), cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Goes through all methods once, or switches on what was switched off for an incarnation that has ended.</summary>
    /// <returns>
    /// The row as it has become, and why no method worked; null when there is nothing left to do, because it worked or because it is no
    /// longer this replica's.
    /// </returns>
    private async Task<(FenceRow Row, string? Failure)> RoundAsync(
        FenceRow row, ImmutableArray<FenceMethod> methods, int round, CancellationToken cancellationToken)
    {
        ImmutableArray<FenceResult> results = [];
        bool hasEnded = await RunAsync((store, _) => store.HasEndedAsync(row), cancellationToken);
        while (true)
        {
            switch (FenceProcedure.Next(methods, results, row.SwitchedOff, hasEnded))
            {
                case FenceStep.Run run:
                    await Task.Delay(run.Pause, time, cancellationToken);
                    FenceRow next = After(row, methods, run);
                    if (await RunAsync((store, _) => store.StepAsync(next, run.Action), cancellationToken))
                    {
                        row = next;
                        results = results.Add(await RunAgentAsync(row, methods, round, run, cancellationToken));
                        break;
                    }

                    if (!hasEnded && await RunAsync((store, _) => store.HasEndedAsync(row), cancellationToken))
                    {
                        hasEnded = true;
                        break;
                    }

                    await LeaveAsync(row, hasEnded, cancellationToken);
                    return (row, null);
                case FenceStep.Conclude conclude:
                    if (!await ConcludeAsync(row, conclude.Reason, cancellationToken))
                    {
                        logger.FencingNotOurs(row.Node.Value, row.Incarnation.Value);
                        return (row, null);
                    }

                    hasEnded = true;
                    break;
                case FenceStep.GiveUp giveUp:
                    return (row, giveUp.Reason);
                case FenceStep.StaysOff staysOff:
                    await EndAsync(row, FenceState.Done, CatalogueMessage.NodeStaysOff, staysOff.Reason, cancellationToken);
                    return (row, null);
                default:
                    await RunAsync((store, _) => store.EndAsync(row, FenceState.Done), cancellationToken);
                    return (row, null);
            }
        }
    }

    /// <summary>The row with the device that a step may switch off, to be stored before it does.</summary>
    private static FenceRow After(FenceRow row, ImmutableArray<FenceMethod> methods, FenceStep.Run run)
    {
        FenceDevice device = methods[run.Method].Devices[run.Device];
        FenceTarget target = new(run.Method, run.Device, device.Name);
        bool isKept = run.Action != FenceAction.Off || device.StaysOff || row.SwitchedOff.Contains(target);
        return isKept ? row : row with { SwitchedOff = row.SwitchedOff.Add(target) };
    }

    /// <summary>It may take no step now. What waits to be switched on only is left to be taken up once the node's later life is done with.</summary>
    private async Task LeaveAsync(FenceRow row, bool hasEnded, CancellationToken cancellationToken)
    {
        logger.FencingNotOurs(row.Node.Value, row.Incarnation.Value);
        if (hasEnded)
        {
            await RunAsync((store, _) => store.EndAsync(row, FenceState.Failed), cancellationToken);
        }
    }

    private async Task<FenceResult> RunAgentAsync(
        FenceRow row, ImmutableArray<FenceMethod> methods, int round, FenceStep.Run run, CancellationToken cancellationToken)
    {
        FenceDevice device = methods[run.Method].Devices[run.Device];
        DateTimeOffset at = time.GetUtcNow();
        long began = time.GetTimestamp();
        using Activity? span = Traces.Within($"fence agent {FenceProcedure.Text(run.Action)} {device.Name}");
        (FenceOutcome outcome, string detail) = await agents.RunAsync(row.Node, device, run.Action, cancellationToken);
        span?.SetTag("quorate.agent", device.Agent).SetTag("quorate.outcome", outcome.ToText()).SetTag("quorate.round", round);
        FenceResult result = new(run.Method, run.Device, run.Action, outcome, detail);
        FenceAttempted attempt = new()
        {
            Node = row.Node,
            Incarnation = row.Incarnation,
            Round = round,
            Method = methods[run.Method].Name,
            Device = device.Name,
            Agent = device.Agent,
            Action = FenceProcedure.Text(run.Action),
            Outcome = outcome.ToText(),
            Detail = detail,
            At = at,
            DurationMilliseconds = (long)time.GetElapsedTime(began).TotalMilliseconds,
            Replica = options.Replica,
        };
        string told = FenceProcedure.Describe(methods, result);
        logger.FenceAgentEnded(row.Node.Value, told);
        await RunAsync((store, work) => RecordAsync(store, work, attempt, run.Device, result, told), cancellationToken);
        return result;
    }

    /// <summary>Keeps and tells what came of a run; a failure that stays as it was is raised once and not every minute.</summary>
    private async Task<bool> RecordAsync(FenceStore store, UnitOfWork work, FenceAttempted attempt, int position, FenceResult result, string told)
    {
        bool isFailure = result.Outcome is FenceOutcome.Failed or FenceOutcome.TimedOut or FenceOutcome.Unstartable;
        bool isKnown = isFailure && FenceFailure.IsAsBefore(result, await store.FindLastAsync(attempt, position));
        FenceAttempted kept = isKnown ? attempt with { Detail = FenceFailure.AsBefore(attempt.Detail) } : attempt;
        await store.RecordAsync(kept, position);
        await work.Outbox.PublishAsync(kept, attempt.Node.Value);
        if (isFailure && !isKnown)
        {
            await RaiseAsync(work, attempt.Node, CatalogueMessage.FenceDeviceFailed, attempt.Node.Value, told);
        }

        return true;
    }

    /// <summary>The devices are proven off: that incarnation runs nothing any more (rule S6).</summary>
    /// <returns>False when the claim is no longer this replica's: then whoever has it proves it again.</returns>
    private async Task<bool> ConcludeAsync(FenceRow row, string reason, CancellationToken cancellationToken)
    {
        bool isStored = await RunAsync(
            async (store, work) =>
            {
                // The lease is locked before the fence row, as an order to fence locks them: the other way round both could wait for ever.
                LeaseStore leases = new(work.Connection, work.Transaction, work.Dialect);
                LeaseRow? known = await leases.FindAsync(row.Node, row.Incarnation);
                if (!await store.StepAsync(row, action: null))
                {
                    return false;
                }

                if (known is not { HasEnded: false } lease)
                {
                    return true;
                }

                // Read under its lock, so it still is what is changed.
                await leases.ChangeStateAsync(lease, lease.Become(LeaseState.Fenced, time.GetUtcNow(), $"fenced by {reason}"));
                await RaiseAsync(work, row.Node, CatalogueMessage.NodeFenced, row.Node.Value, reason);
                return true;
            },
            cancellationToken);
        if (isStored)
        {
            logger.NodeFenced(row.Node.Value, reason);
            view.Kick();
        }

        return isStored;
    }

    /// <summary>Ends this replica's work on it with something a person has to know.</summary>
    private async Task EndAsync(FenceRow row, FenceState state, CatalogueMessage message, string why, CancellationToken cancellationToken)
    {
        bool isStored = await RunAsync(
            async (store, work) =>
            {
                if (!await store.EndAsync(row, state))
                {
                    return false;
                }

                await RaiseAsync(work, row.Node, message, row.Node.Value, why);
                return true;
            },
            cancellationToken);
        if (isStored && message == CatalogueMessage.FencingFailed)
        {
            logger.FencingFailed(row.Node.Value, why);
        }
        else if (isStored)
        {
            logger.NodeStaysOff(row.Node.Value, why);
        }
    }

    private Task RaiseAsync(UnitOfWork work, NodeName node, CatalogueMessage message, params string[] arguments) =>
        raiser.RaiseAsync(work, (int)message, MessageText.Format(message, arguments), Component, node: node);

    /// <summary>
    /// One transaction. One that fails is tried again for as long as the claim is surely this replica's: given up at once, the claim would
    /// stand, and the node wait for all of <see cref="Patience"/> because of one lost connection. Each body checks the claim, so that a
    /// second run of it is harmless (rule S6).
    /// </summary>
    private async Task<T> RunAsync<T>(Func<FenceStore, UnitOfWork, Task<T>> body, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await units.Create().RunAsync((work, _) => body(new FenceStore(work.Connection, work.Transaction), work), cancellationToken);
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException && time.GetElapsedTime(began) < Patience)
            {
                logger.FencingRetried(failure.Message);
                await Task.Delay(RetryPauses[Math.Min(tries, RetryPauses.Length - 1)], time, cancellationToken);
            }
        }
    }
}
