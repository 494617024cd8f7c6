using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Executor.Service.Bus;

/// <summary>
/// The executor's side of the bus. Two bounded lanes, so that a broker which is away never holds up a heartbeat: what is said again
/// anyway is dropped when it cannot be sent at once; answers wait in order until the broker is back.
/// </summary>
internal sealed class ExecutorBus(IBusSender sender, IBusEndpoints endpoints, ILogger<ExecutorBus> logger) : BackgroundService, IExecutorBus
{
    /// <summary>Heartbeats and inventories that may wait; the oldest goes first.</summary>
    private const int RhythmMax = 16;

    /// <summary>Answers that may wait; the oldest goes first, and is asked for again by the scheduler.</summary>
    private const int AnswersMax = 4096;

    /// <summary>How often an answer is tried, at least half a second apart; one that never left is asked for again (rule S8).</summary>
    private const int AnswerTriesMax = 600;

    /// <summary>A queue that nobody reads for this long is removed by the broker: its incarnation is gone, though not this process.</summary>
    private static readonly TimeSpan QueueExpiry = TimeSpan.FromMinutes(1);

    /// <summary>What the last words of a leaving node may take, the goodbye above all: without it the others find it lost.</summary>
    private static readonly TimeSpan LastWordsTimeMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Func<CancellationToken, Task<bool>>> _rhythm = Lane(RhythmMax);
    private readonly Channel<Func<CancellationToken, Task<bool>>> _answers = Lane(AnswersMax);

    /// <inheritdoc/>
    public void Publish<T>(T message) where T : class
    {
        Channel<Func<CancellationToken, Task<bool>>> lane = message is NodeHeartbeat or NodeInventory ? _rhythm : _answers;
        string? trace = Traces.Here;
        lane.Writer.TryWrite(cancellation => PublishAsync(message, trace, cancellation));
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> ConnectAsync(NodeName node, Incarnation incarnation, IIncarnationInbox inbox, CancellationToken cancellation)
    {
        string queue = QueueNames.Executor(node, incarnation);
        while (true)
        {
            try
            {
                return await endpoints.ConnectAsync(
                    queue,
                    endpoint => endpoint
                        .OfOneLife(QueueExpiry, inbox.Connected)
                        .On<OperateService>((order, _, stop) => inbox.TakeAsync(order, stop))
                        .On<HeartbeatAnswer>((answer, _, stop) => inbox.TakeAsync(answer, stop))
                        .On<ConfigurationPublished>((configuration, _, stop) => inbox.TakeAsync(configuration, stop))
                        .On<QuorumDissolved>((dissolved, _, stop) => inbox.TakeAsync(dissolved, stop)),
                    cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // Whatever the transport throws, there is one thing to do: say so, and try again until the broker is there.
                logger.QueueNotConnected(queue, failure.Message);
            }

            await Task.Delay(RetryPause, cancellation);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _rhythm.Writer.TryComplete();
        _answers.Writer.TryComplete();
        if (ExecuteTask is { } delivering)
        {
            await Task.WhenAny(delivering, Task.Delay(LastWordsTimeMax, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(DeliverAsync(_rhythm.Reader, triesMax: 1, stoppingToken), DeliverAsync(_answers.Reader, AnswerTriesMax, stoppingToken));

    /// <summary>On a lane's own task, where the trace that the message belongs to has to be taken up again.</summary>
    private async Task<bool> PublishAsync<T>(T message, string? trace, CancellationToken cancellation) where T : class
    {
        using Activity? span = trace is null ? null : Traces.Begin($"publish {typeof(T).Name}", trace);
        return await sender.TryPublishAsync(message, cancellation);
    }

    private static async Task DeliverAsync(ChannelReader<Func<CancellationToken, Task<bool>>> lane, int triesMax, CancellationToken cancellation)
    {
        await foreach (Func<CancellationToken, Task<bool>> send in lane.ReadAllAsync(cancellation))
        {
            for (int tries = 1; !await send(cancellation) && tries < triesMax; tries++)
            {
                await Task.Delay(RetryPause, cancellation);
            }
        }
    }

    private static Channel<Func<CancellationToken, Task<bool>>> Lane(int max) =>
        Channel.CreateBounded<Func<CancellationToken, Task<bool>>>(
            new BoundedChannelOptions(max) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
}
