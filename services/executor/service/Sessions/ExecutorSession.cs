using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Leases;
using Quorate.Executor.Core.Operations;
using Quorate.Executor.Service.Bus;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Guard;
using Quorate.Executor.Service.Leases;
using Quorate.Executor.Service.Operations;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Executor.Service.Sessions;

/// <summary>
/// One incarnation as this process serves it: its queue, its heartbeats, its services. A new incarnation gets a new session; nothing
/// is carried over but configurations.
/// </summary>
internal sealed partial class ExecutorSession : IIncarnationInbox, IDisposable
{
    private const int StartsMax = 16;
    private const int StopsMax = 16;
    private const int ChecksMax = 8;

    private readonly SessionParts _parts;
    private readonly GuardReport.Hello _greeting;
    private readonly ILogger _logger;
    private readonly LeaseKeeper _lease;
    private readonly OperationStore _store;
    private readonly ActorContext _context;
    private readonly HeartbeatLoop _heartbeats;
    private readonly FirstLease _firstLease = new();
    private readonly CancellationTokenSource _work = new();
    private readonly ConcurrentDictionary<ServiceName, ServiceActor> _actors = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _isEnding;

    public ExecutorSession(SessionParts parts, GuardHello hello)
    {
        _parts = parts;
        _greeting = hello.Greeting;
        _logger = parts.Logger;
        _lease = new LeaseKeeper(parts.Guard, _greeting, reason => EndIncarnation(reason, isQuorumLost: true), TakeOnLeaseLoss, _work.Token);
        _store = OperationStore.Open(parts.Settings.StateDirectory, _greeting.Incarnation, _logger.OperationUnreadable);
        _context = new ActorContext
        {
            Node = _greeting.Node,
            Agents = parts.Agents,
            Runner = new TreeRunner(parts.Guard, parts.Agents, _logger),
            Trees = new TreeSource(parts.Configurations, parts.Bus, parts.Messages),
            Starts = new SemaphoreSlim(StartsMax),
            Stops = new SemaphoreSlim(StopsMax),
            Checks = new SemaphoreSlim(ChecksMax),
            Logger = _logger,
            Ended = End,
            Failed = TellFailure,
            LeftStopped = NoteLeftStopped,
            WasLeftStopped = service => _store.Find(service)?.LeftStopped ?? [],
        };
        _heartbeats = new HeartbeatLoop(parts, _greeting, _lease, Inventory, _firstLease.Grant, reason => EndIncarnation(reason, isQuorumLost: false));
        Restore(hello.Journal);
    }

    /// <summary>This session's incarnation.</summary>
    public Incarnation Incarnation => _greeting.Incarnation;

    /// <summary>The lease as it is now.</summary>
    public LeaseState Lease => _lease.Current;

    /// <summary>The services that may run here, by name.</summary>
    public ImmutableArray<ServiceName> MayRun => [.. _actors.Where(pair => pair.Value.MayRun).Select(pair => pair.Key).Order()];

    /// <summary>Serves the incarnation until cancelled.</summary>
    /// <exception cref="InvariantViolation">Something that must be true was not; the process must end.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource life = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task consuming = ConsumeAsync(life.Token);
        Task beating = _heartbeats.RunAsync(life.Token);
        try
        {
            await await Task.WhenAny(consuming, beating, _broken.Task);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end of this session.
        }
        finally
        {
            Close();
            await life.CancelAsync();
            await Task.WhenAll(consuming, beating).SettleAsync();
            await _lease.SettleAsync();
            await Task.WhenAll(_running);
        }
    }

    /// <summary>The incarnation ends: no work begins any more, and no lease reaches the guard. Heartbeats go on until the session ends. Returns at once.</summary>
    public void Close()
    {
        _lease.Close();
        lock (_gate)
        {
            _isEnding = true;
        }

        if (!_work.IsCancellationRequested)
        {
            _work.Cancel();
        }
    }

    /// <summary>Raises #69 for every service that is stopped without an order.</summary>
    public void TellUncleanStops()
    {
        foreach (ServiceName service in MayRun)
        {
            _parts.Messages.Raise(CatalogueMessage.UncleanStop, service, "stop", service);
        }
    }

    /// <summary>Says goodbye: to be called once everything is proven stopped.</summary>
    public Task SayGoodbyeAsync(CancellationToken cancellation) => _heartbeats.SayGoodbyeAsync(cancellation);

    /// <summary>To be called after <see cref="RunAsync(CancellationToken)"/> has ended.</summary>
    public void Dispose()
    {
        _work.Dispose();
        _heartbeats.Dispose();
        _context.Starts.Dispose();
        _context.Stops.Dispose();
        _context.Checks.Dispose();
    }

    private void Take(OperateService order, bool mayWait)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                // This incarnation's end is the answer; the scheduler learns it from the membership.
                return;
            }

            TakenOperation? newest = _store.Find(order.Service);
            switch (OperationAdmission.Decide(newest, order, _greeting.Node, _greeting.Incarnation, _lease.Current, BootClock.Milliseconds, mayWait))
            {
                case Admission.Run:
                    Run(order);
                    break;
                case Admission.Wait:
                    _running.Add(Task.Run(() => TakeLaterAsync(order)));
                    break;
                case Admission.Repeat repeat:
                    _logger.OperationRepeated(order.Service.Value, order.Epoch, order.Attempt);
                    _parts.Bus.Publish(repeat.Answer);
                    break;
                case Admission.Busy:
                    _logger.OperationBusy(order.Service.Value, order.Epoch, order.Attempt);
                    break;
                case Admission.Ignore ignore:
                    _logger.OperationIgnored(order.Action, order.Service.Value, order.Epoch, ignore.Reason);
                    break;
                case Admission.Refuse refuse:
                    Refuse(order, refuse.TakesEpoch, refuse.Reason);
                    break;
                case var other:
                    throw new InvariantViolation($"unknown admission {other.GetType().Name}");
            }
        }
    }

    private async Task TakeLaterAsync(OperateService order)
    {
        try
        {
            await _firstLease.WaitAsync(_work.Token);
            Take(order, mayWait: false);
        }
        catch (OperationCanceledException) when (_work.IsCancellationRequested)
        {
            // The incarnation ends; that is the answer.
        }
        catch (Exception failure)
        {
            _broken.TrySetException(new InvariantViolation($"an order that waited for the lease could not be taken: {failure.Message}", failure));
        }
    }

    private async Task ConsumeAsync(CancellationToken cancellation)
    {
        await using IAsyncDisposable queue = await _parts.Bus.ConnectAsync(_greeting.Node, _greeting.Incarnation, this, cancellation);
        string name = QueueNames.Executor(_greeting.Node, _greeting.Incarnation);
        _logger.QueueConnected(name);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
    }

    private void Run(OperateService order)
    {
        _parts.Crash.Reached(CrashPoints.Decided, nameof(OperateService));
        _store.Put(_store.Begin(order));
        _parts.Crash.Reached(CrashPoints.Committed, nameof(OperateService));
        if (!ActorOf(order.Service, journal: null).TryOperate(order))
        {
            Refuse(order, takesEpoch: true, "too many operations wait for this service on this node");
        }
    }

    private void Refuse(OperateService order, bool takesEpoch, string reason)
    {
        _logger.OperationRefused(order.Action, order.Service.Value, order.Epoch, reason);
        OperationEnded answer = Answers.To(order, new OperationResult { Outcome = OperationOutcome.Refused, Detail = reason });
        if (takesEpoch)
        {
            _store.Put(new TakenOperation(order, answer));
        }

        _parts.Bus.Publish(answer);
    }

    private void End(OperationEnded result)
    {
        OperationEnded answer = result with { EndedAt = BootClock.Milliseconds };
        lock (_gate)
        {
            if (_store.Find(answer.Service) is { } newest && newest.Order.Epoch == answer.Epoch)
            {
                Keep(newest with { Answer = answer });
            }
        }

        _logger.OperationEnded(answer.Action, answer.Service.Value, answer.Epoch, answer.Outcome, answer.Detail);
        _parts.Bus.Publish(answer);
        _parts.Crash.Reached(CrashPoints.Sent, nameof(OperationEnded));
    }

    /// <summary>An answer that the disk does not take is an answer all the same; an executor started anew finds it out again by probing.</summary>
    private void Keep(TakenOperation answered)
    {
        try
        {
            _store.Put(answered);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.AnswerNotKept(answered.Order.Service.Value, answered.Order.Epoch, failure.Message);
            _store.Remember(answered);
        }
    }

    private void NoteLeftStopped(ServiceName service, ImmutableArray<string> resources)
    {
        lock (_gate)
        {
            if (_store.Find(service) is { } newest)
            {
                Keep(newest with { LeftStopped = resources });
            }
        }

        _heartbeats.TellAgain();
    }

    /// <summary>What its recovery leads to begins here, unless it is part of something already.</summary>
    private void TellFailure(ServiceName service, long epoch, string resource, int? exitCode, string detail)
    {
        using Activity? span = Traces.Begin($"status failed {resource}", Traces.Here);
        span?.SetTag("quorate.service", service.Value).SetTag("quorate.reason", detail);
        _parts.Bus.Publish(new ServiceStatusFailed
        {
            Service = service,
            Epoch = _store.Find(service) is { Order.Action: NodeAction.Convalesce or NodeAction.Condstop or NodeAction.Condstart or NodeAction.Migrate } repaired ? repaired.Order.Epoch : epoch, // the same run, by its newest order
            Node = _greeting.Node,
            Incarnation = _greeting.Incarnation,
            Resource = resource,
            ExitCode = exitCode,
            Detail = detail,
        });
    }

    /// <summary>Without the gate: heartbeats tell it, and whoever holds the gate may wait for a disk.</summary>
    private ImmutableArray<InventoryEntry> Inventory() => [.. _store.All.Select(taken => InventoryOf.Entry(taken, _actors.GetValueOrDefault(taken.Order.Service)))];

    /// <summary>Carries on what an earlier executor of this incarnation left: the guard's journal and our own operations say what that is.</summary>
    private void Restore(ImmutableArray<JournalEntry> journal)
    {
        foreach (JournalEntry entry in journal)
        {
            if (_store.Find(entry.Service) is not { } known || known.Order.Epoch < entry.Epoch)
            {
                _store.Put(Restored.From(entry, _greeting.Node, _greeting.Incarnation));
            }

            ActorOf(entry.Service, entry);
        }

        foreach (TakenOperation taken in _store.All)
        {
            ServiceActor actor = ActorOf(taken.Order.Service, journal: null);
            if (!Restored.TryCarryOn(taken, journal, actor))
            {
                throw new InvariantViolation($"the first work for {taken.Order.Service} found its queue full");
            }
        }
    }

    private ServiceActor ActorOf(ServiceName service, JournalEntry? journal)
    {
        if (_actors.TryGetValue(service, out ServiceActor? known))
        {
            return known;
        }

        ServiceActor actor = new(service, _context, journal);
        _actors[service] = actor;
        _running.Add(Task.Run(() => RunAsync(actor)));
        return actor;
    }

    private async Task RunAsync(ServiceActor actor)
    {
        try
        {
            await actor.RunAsync(_work.Token);
        }
        catch (Exception failure) when (_work.IsCancellationRequested && failure is OperationCanceledException or GuardRefusedException or IOException)
        {
            // The incarnation ended under it; the guard stops what it left.
        }
        catch (IOException failure)
        {
            // Without its guard this process ends, and the guard's successor carries on.
            _broken.TrySetException(failure);
        }
        catch (Exception failure)
        {
            _broken.TrySetException(new InvariantViolation($"work on a service ended unexpectedly: {failure.Message}", failure));
        }
    }

    /// <summary>What an operator did meanwhile is not known: after maintenance everything that may run here is probed (rule S9).</summary>
    private void TakeOnLeaseLoss(OnLeaseLoss before, OnLeaseLoss now)
    {
        _logger.OnLeaseLossChanged(_greeting.Node.Value, now);
        foreach (ServiceActor actor in before == OnLeaseLoss.Maintenance ? _actors.Values : [])
        {
            // One whose queue is full is being worked on, and its next check is due soon after.
            _ = actor.TryProbeAgain();
        }
    }

    private void EndIncarnation(string reason, bool isQuorumLost)
    {
        if (isQuorumLost)
        {
            _logger.QuorumDissolved();
        }

        _logger.IncarnationGivenUp(_greeting.Incarnation.Value, reason);
        _running.Add(Task.Run(async () =>
        {
            try
            {
                await _parts.Guard.EndIncarnationAsync(reason, CancellationToken.None);
            }
            catch (Exception failure) when (failure is IOException or GuardRefusedException)
            {
                _broken.TrySetException(failure);
            }
        }));
    }
}
