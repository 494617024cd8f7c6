using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Sends itself a message every few seconds. Readiness follows what came back, not what a connection claims about itself.
/// </summary>
public sealed class BusProbe : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(2);

    /// <summary>How long the first transport is waited for.</summary>
    private static readonly TimeSpan ReadyWait = TimeSpan.FromSeconds(5);

    /// <summary>Without a round trip for this long the process is not ready.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(8);

    private readonly BusConnection _bus;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger<BusProbe> _logger;
    private readonly string _queue = $"probe.{Guid.NewGuid():N}";
    private readonly SemaphoreSlim _answered = new(0);
    private readonly TaskCompletionSource<WatchedEndpoint> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sequence;
    private long _answeredAt;
    private bool _isAlive;

    internal BusProbe(BusConnection bus, IServiceProvider services, TimeProvider time, ILogger<BusProbe> logger)
    {
        _bus = bus;
        _services = services;
        _time = time;
        _logger = logger;
    }

    /// <summary>How long ago a message came back; null before the first.</summary>
    public TimeSpan? SinceRoundTrip => Volatile.Read(ref _answeredAt) is var at and > 0 ? _time.GetElapsedTime(at) : null;

    /// <summary>True while messages come back.</summary>
    public bool IsAlive => SinceRoundTrip < SilenceMax;

    /// <summary>Where it hears itself, once it has begun; for tests.</summary>
    internal Task<WatchedEndpoint> Endpoint => _connected.Task;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _answered.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        EndpointBuilder builder = new EndpointBuilder(_queue).Temporary().Bounds(1, 1).On<BusPing>((ping, _, _) =>
        {
            if (ping.Sequence == Volatile.Read(ref _sequence))
            {
                Volatile.Write(ref _answeredAt, _time.GetTimestamp());
                _answered.Release();
            }
            return Task.CompletedTask;
        });
        WatchedEndpoint endpoint = _bus.Connect(_queue, configurator =>
        {
            configurator.ConfigureConsumeTopology = false;
            builder.Apply(configurator, _services, _bus);
        });
        _connected.TrySetResult(endpoint);
        try
        {
            // What is sent before the queue is bound is lost. No longer than this: a transport that was replaced before it connected never says that it is.
            await endpoint.Ready.WaitAsync(ReadyWait, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using PeriodicTimer timer = new(Interval, _time);
            do
            {
                await PingAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            using CancellationTokenSource patience = new(AnswerWait);
            await _bus.DisconnectAsync(endpoint, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        BusPing ping = new() { Sequence = Interlocked.Increment(ref _sequence) };
        // A temporary queue's exchange is declared as such by the sender too, or the broker refuses the second declaration.
        bool isSent = await _bus.TryDeliverAsync(ping, typeof(BusPing), $"{_queue}?temporary=true", cancellationToken);
        bool isBack = isSent && await _answered.WaitAsync(AnswerWait, cancellationToken);
        if (isBack != _isAlive)
        {
            _isAlive = isBack;
            if (!isBack)
            {
                _logger.NoRoundTrip(SinceRoundTrip?.TotalSeconds ?? 0, isSent ? "the message did not come back" : "the broker did not take it");
            }
        }
    }
}
