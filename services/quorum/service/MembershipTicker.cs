using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Quorum.Service.Configuration;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Quorum.Core.Maintenance;
using Quorate.Quorum.Service.Fencing;
using Quorate.Quorum.Service.Maintenance;

namespace Quorate.Quorum.Service;

/// <summary>
/// The pulse of a replica: beats, reads, and asks the core what the rows mean. What changes is written only if it still is as it was
/// read, together with the messages it causes, so that several replicas may come to the same conclusion and only one acts.
/// </summary>
internal sealed class MembershipTicker(
    IDatabase database, UnitOfWorkFactory units, ConfigurationInForce configuration, QuorumTiming timing, QuorateOptions options,
    ReplicaView view, FencingWorker fencing, MaintenanceAnswers maintenance, MessageRaiser raiser, TimeProvider time, ILogger<MembershipTicker> logger) : BackgroundService
{
    private const string Component = "quorum";

    private readonly IDatabase _beats = database.Reserve(connectionsMax: 2);
    private readonly long _begun = time.GetTimestamp();
    private Watch _watch = Watch.Nothing;
    private TimeSpan? _nextDueAt;
    private bool _isFailing;

    /// <summary>Never sooner again than this, whatever is overdue.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(10);

    private TimeSpan Monotonic => time.GetElapsedTime(_begun);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TickSafelyAsync(stoppingToken);
                await view.WaitForTickAsync(Pause(), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>Until the next tick, or until a wait ends: a node is lost and fenced when its time is over, not up to a tick later.</summary>
    private TimeSpan Pause()
    {
        TimeSpan untilDue = !_isFailing && _nextDueAt is { } due ? due - Monotonic : timing.TickInterval;
        return untilDue >= timing.TickInterval ? timing.TickInterval : untilDue <= PauseMin ? PauseMin : untilDue;
    }

    private async Task TickSafelyAsync(CancellationToken cancellationToken)
    {
        try
        {
            TaskCompletionSource look = view.BeginLook();
            await TickAsync(cancellationToken);
            look.TrySetResult();
            _isFailing = false;
            view.BeatFailure = null;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            // The gap this leaves in the own beat begins every observation anew (S2).
            if (!_isFailing)
            {
                logger.TickFailed(failure.Message);
            }

            _isFailing = true;
            view.BeatFailure = failure.Message;
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        (Reading reading, MembershipChanged? membership, IReadOnlyList<MaintenanceRequest> requests) = await BeatAsync(cancellationToken);
        view.Note(ArbiterSight.Of(reading.Arbiter));
        _watch = _watch.Next(reading, configuration.Current, timing);
        view.DistrustedFor = _watch.HeldFor(Fact.Distrusted(reading.Arbiter));
        view.Leases = new SeenLeases(_begun, reading.EndedAt, LeaseEnds.Find(_watch, reading));
        _nextDueAt = new[] { Silence.NextAt(_watch, reading), TimeFencing.NextAt(_watch, reading, configuration.Current) }.Min();
        DateTimeOffset now = time.GetUtcNow();
        ImmutableArray<LeaseRow> fenced = TimeFencing.FindDue(_watch, reading, configuration.Current, now);
        ImmutableArray<LeaseRow> lost = [.. Silence.FindLost(_watch, reading, now).Where(row => !fenced.Any(due => due.Node == row.Node))];
        if (!fenced.IsEmpty || !lost.IsEmpty || Evaluate(reading.Arbiter, membership, reading.Rows) is not null)
        {
            await ApplyAsync(reading, [.. fenced, .. lost], cancellationToken);
        }
        else
        {
            view.Show(reading.Arbiter, membership, reading.Rows);
        }

        fencing.Offer(FencingDue.Find(_watch, reading, configuration.Current, timing));
        await maintenance.AnswerAsync(requests, cancellationToken);
    }

    private async Task<(Reading Reading, MembershipChanged? Membership, IReadOnlyList<MaintenanceRequest> Requests)> BeatAsync(CancellationToken cancellationToken)
    {
        TimeSpan beganAt = Monotonic;
        ArbiterSight highest = view.Highest;
        await using DatabaseTransaction work = await _beats.BeginAsync(cancellationToken);
        LeaseStore store = new(work.Connection, work.Transaction, _beats.Dialect);
        StateRecord state = await store.BeatAsync(options.Replica, time.GetUtcNow());
        ArbiterState beaten = state.ToState();
        bool hasGoneBack = beaten.IsTrusted && highest.IsAheadBefore(beaten);
        if (hasGoneBack)
        {
            // With the beat: nobody sees a count that goes on as if nothing had been forgotten.
            await store.DistrustAsync();
        }

        // At once, for the beat holds the one row that every replica needs: should this process be frozen before, all would wait for it.
        await work.CommitAsync(cancellationToken);
        if (hasGoneBack)
        {
            await SayItWentBackAsync(beaten, highest, cancellationToken);
        }

        await new ConfigurationStore(work.Connection, null).RefreshAsync(configuration);
        IReadOnlyList<LeaseRow> rows = await new LeaseStore(work.Connection, null, _beats.Dialect).ReadCurrentAsync();
        IReadOnlyList<FenceRow> fences = await new FenceStore(work.Connection, null).ReadOpenAsync();
        IReadOnlyList<MaintenanceRequest> requests = await new MaintenanceStore(work.Connection, null).ReadOpenAsync();
        Reading reading = new()
        {
            BeganAt = beganAt,
            EndedAt = Monotonic,
            Arbiter = beaten with { IsTrusted = beaten.IsTrusted && !hasGoneBack },
            Rows = [.. rows],
            Fences = [.. fences],
            RenewalsFailed = view.TakeRenewalsFailed(),
        };
        return (reading, state.ToMembership(), requests);
    }

    private MembershipTransition? Evaluate(ArbiterState arbiter, MembershipChanged? previous, ImmutableArray<LeaseRow> rows) =>
        Membership.Evaluate(new MembershipSituation
        {
            Configuration = configuration.Current,
            Arbiter = arbiter,
            Previous = previous,
            Rows = rows,
            EnoughVotesFor = _watch.HeldFor(Fact.EnoughVotes),
            Timing = timing,
            HighestGenerationSeen = view.Highest.Generation,
            Now = time.GetUtcNow(),
        });

    /// <summary>Stores losses and fencings that still hold, and the generation they lead to, in one transaction.</summary>
    private async Task ApplyAsync(Reading reading, ImmutableArray<LeaseRow> changes, CancellationToken cancellationToken)
    {
        List<LeaseRow> stored = [];
        MembershipTransition? next = null;
        StateRecord state = new();
        ImmutableArray<LeaseRow> rows = [];
        using GenerationSpans spans = new();
        await units.Create().RunAsync(
            async (work, token) =>
            {
                LeaseStore store = new(work.Connection, work.Transaction, work.Dialect);
                state = await store.ReadStateAsync(forUpdate: true);
                // Another replica may count by a newer one already; two that disagreed would undo each other's generations.
                await new ConfigurationStore(work.Connection, work.Transaction).RefreshAsync(configuration);
                foreach (LeaseRow change in changes)
                {
                    if (await store.ChangeStateAsync(reading.Rows.Single(row => row.Node == change.Node), change))
                    {
                        stored.Add(change);
                        if (change.State == LeaseState.Lost)
                        {
                            await spans.LostAsync(store, change);
                        }
                    }
                }

                rows = [.. await store.ReadCurrentAsync()];
                MembershipChanged? before = state.ToMembership();
                next = Evaluate(state.ToState(), before, rows);
                if (next is null)
                {
                    return;
                }

                using Activity? span = GenerationSpans.Begin(await GenerationSpans.CausesAsync(store, before, next.Membership), next);
                next = next with { Membership = next.Membership with { Trace = Traces.Here } };
                if (await store.AdvanceAsync(state.Generation, next))
                {
                    await PublishAsync(work, next);
                }
            },
            cancellationToken);
        // Only now: what was not committed must not be told to anybody.
        view.Show(next?.Arbiter ?? state.ToState(), next?.Membership ?? state.ToMembership(), rows);
        Tell(stored, next);
        if (stored.Count > 0)
        {
            // What follows a loss is measured from when it is seen: now, not at the next tick.
            view.Kick();
        }
    }

    private async Task PublishAsync(UnitOfWork work, MembershipTransition next)
    {
        await work.Outbox.PublishAsync(next.Membership, Component);
        if (next.HasFormed)
        {
            await work.Outbox.PublishAsync(new QuorumFormed { Generation = next.Arbiter.Generation }, Component);
        }

        if (next.HasDissolved)
        {
            await work.Outbox.PublishAsync(new QuorumDissolved { Generation = next.Arbiter.Generation }, Component);
            await raiser.RaiseAsync(
                work, (int)CatalogueMessage.QuorumDissolved, MessageText.Format(CatalogueMessage.QuorumDissolved), Component);
        }
    }

    private void Tell(List<LeaseRow> stored, MembershipTransition? next)
    {
        foreach (LeaseRow row in stored)
        {
            logger.NodeEnded(row.Node.Value, row.Incarnation.Value, row.State.ToText(), row.Reason);
        }

        if (next is null)
        {
            return;
        }

        view.Note(ArbiterSight.Of(next.Arbiter));
        logger.GenerationChanged(next.Arbiter.Generation, next.Membership.IsQuorate, next.Membership.Votes, next.Membership.VotesNeeded, next.Reason);
        if (next.HasDissolved)
        {
            logger.QuorumDissolved();
        }
    }

    /// <summary>Only the replica that noticed says it; all read it from the row.</summary>
    private async Task SayItWentBackAsync(ArbiterState beaten, ArbiterSight highest, CancellationToken cancellationToken)
    {
        ArbiterSight standing = ArbiterSight.Of(beaten);
        (string stored, string seen) = (standing.ToString(), highest.ToString());
        logger.ArbiterWentBack(stored, seen);
        await units.Create().RunAsync(
            async (work, _) =>
            {
                LeaseStore store = new(work.Connection, work.Transaction, work.Dialect);
                await store.NoteArbiterAsync("went back", standing, highest, $"noticed by {options.Replica}", time.GetUtcNow());
                await raiser.RaiseAsync(
                    work, (int)CatalogueMessage.ArbiterWentBack, MessageText.Format(CatalogueMessage.ArbiterWentBack, stored, seen), Component);
            },
            cancellationToken);
    }
}
