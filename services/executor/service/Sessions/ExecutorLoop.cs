using System.Threading.Channels;
using Quorate.Contracts.Catalogue;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Guard;

namespace Quorate.Executor.Service.Sessions;

/// <summary>
/// The life of an executor: it waits for its guard's word who this node is now, serves that incarnation until the guard ends it, and
/// begins again. Told to end, it leaves the cluster cleanly: all stopped, proven, and said goodbye.
/// </summary>
internal sealed class ExecutorLoop(SessionParts parts, IHostApplicationLifetime lifetime, ILogger<ExecutorLoop> logger) : BackgroundService
{
    /// <summary>What leaving may take beyond the guard's own stop deadline.</summary>
    private static readonly TimeSpan LeaveMargin = TimeSpan.FromSeconds(5);

    /// <summary>Hellos that may wait; the newest is the one that counts.</summary>
    private const int HellosMax = 4;

    private readonly Channel<GuardHello> _hellos =
        Channel.CreateBounded<GuardHello>(new BoundedChannelOptions(HellosMax) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly TaskCompletionSource<GuardReport.Ended> _guardLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ExecutorSession? _session;
    private bool _isLeaving;

    /// <summary>The session of the newest incarnation; null before the first hello.</summary>
    public ExecutorSession? Current => Volatile.Read(ref _session);

    /// <summary>0 after a clean leave; anything else tells the guard that this executor ended without one.</summary>
    public int ExitCode { get; private set; } = 1;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        parts.Guard.HelloReceived += TakeHello;
        parts.Guard.Ending += TakeEnding;
        parts.Guard.Ended += TakeEnded;
        parts.Guard.Unproven += TakeUnproven;
        parts.Guard.Disconnected += TakeDisconnected;
        try
        {
            await parts.Guard.StartAsync(stoppingToken);
            await ServeAsync(stoppingToken);
        }
        catch (IOException failure) when (!stoppingToken.IsCancellationRequested)
        {
            logger.GuardGone(failure.InnerException?.Message ?? failure.Message);
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to end before the guard said hello: nothing runs here through us.
        }
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        while (true)
        {
            GuardHello hello = await _hellos.Reader.ReadAsync(stopping);
            while (_hellos.Reader.TryRead(out GuardHello? newer))
            {
                hello = newer;
            }

            if (TryBegin(hello) is not { } session)
            {
                _isLeaving = true; // without a goodbye: this side closes the connection, and it is not the guard that is gone
                lifetime.StopApplication();
                return;
            }

            Volatile.Write(ref _session, session);
            logger.SessionBegins(hello.Greeting.Node.Value, hello.Greeting.Incarnation.Value, hello.Journal.Length, hello.Greeting.Containment);
            using CancellationTokenSource end = new();
            Task serving = session.RunAsync(end.Token);
            Task<bool> next = _hellos.Reader.WaitToReadAsync(stopping).AsTask();
            Task first = await Task.WhenAny(serving, next, _guardLeft.Task);
            bool hasGuardLeft = first == _guardLeft.Task;
            if (hasGuardLeft)
            {
                await FollowGuardAsync(session, hello.Greeting);
            }
            else if (stopping.IsCancellationRequested && first != serving)
            {
                await LeaveAsync(session, hello.Greeting);
            }

            await end.CancelAsync();
            await serving;
            session.Dispose();
            if (stopping.IsCancellationRequested || hasGuardLeft)
            {
                return;
            }

            await next;
        }
    }

    /// <summary>
    /// Null where this node's own files keep it from serving. Its guard starts the next executor, and stops what runs once the lease is over.
    /// </summary>
    private ExecutorSession? TryBegin(GuardHello hello)
    {
        try
        {
            return new ExecutorSession(parts, hello);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            logger.SessionNotSetUp(hello.Greeting.Node.Value, hello.Greeting.Incarnation.Value, failure.Message);
            parts.Messages.Raise(CatalogueMessage.TransitionNotInitialized, service: null);
            return null;
        }
    }

    /// <summary>Stops all, proves it, says goodbye. Heartbeats go on meanwhile.</summary>
    private async Task LeaveAsync(ExecutorSession session, GuardReport.Hello greeting)
    {
        _isLeaving = true;
        if (!session.MayRun.IsEmpty)
        {
            parts.Messages.Raise(CatalogueMessage.UncleanShutdown, service: null);
        }

        logger.Leaving(greeting.Node.Value, session.MayRun.Length);
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(greeting.StopDeadlineMilliseconds) + LeaveMargin);
        try
        {
            await parts.Guard.LeaveAsync("the executor was told to end", limit.Token);
            await session.SayGoodbyeAsync(limit.Token);
            logger.Left(greeting.Node.Value, greeting.Incarnation.Value);
            ExitCode = 0;
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or GuardRefusedException)
        {
            // No goodbye: the arbiter must find out by itself, and wait for what the guard promised.
            logger.LeftUnproven(greeting.Node.Value, failure.Message);
        }
    }

    /// <summary>The guard was told to end and has proven everything stopped: what is left is to say so, and to end well.</summary>
    private async Task FollowGuardAsync(ExecutorSession session, GuardReport.Hello greeting)
    {
        _isLeaving = true;
        using CancellationTokenSource limit = new(LeaveMargin);
        try
        {
            await session.SayGoodbyeAsync(limit.Token);
            logger.Left(greeting.Node.Value, greeting.Incarnation.Value);
            ExitCode = 0;
        }
        catch (OperationCanceledException failure)
        {
            logger.LeftUnproven(greeting.Node.Value, failure.Message);
        }

        lifetime.StopApplication();
    }

    /// <summary>Of a leave that this side asked for, the asking call hears by itself.</summary>
    private void TakeEnded(GuardReport.Ended ended)
    {
        if (ended.IsLeaving && !_isLeaving && Current?.Incarnation == ended.Incarnation)
        {
            _guardLeft.TrySetResult(ended);
        }
    }

    private void TakeHello(GuardHello hello) => _hellos.Writer.TryWrite(hello);

    private void TakeEnding(GuardReport.Ending ending)
    {
        if (Current is not { } session || session.Incarnation != ending.Incarnation)
        {
            return;
        }

        // On the reading task and at once, so that nothing of this session can pass for the next incarnation's.
        session.Close();
        logger.IncarnationEnds(ending.Incarnation.Value, ending.Reason);
        if (!_isLeaving)
        {
            session.TellUncleanStops();
        }
    }

    private void TakeUnproven(GuardReport.Unproven unproven) =>
        logger.StopUnproven(unproven.Incarnation.Value, string.Join("; ", unproven.Reasons));

    private void TakeDisconnected(Exception? failure)
    {
        if (!_isLeaving)
        {
            logger.GuardGone(failure?.Message ?? "it closed the connection");
            lifetime.StopApplication();
        }
    }
}
