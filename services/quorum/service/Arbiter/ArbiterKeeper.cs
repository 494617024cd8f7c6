using Quorate.Hosting.Telemetry;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service.Arbiter;

/// <summary>
/// Writes down how far the database was seen to count, every heartbeat interval and at the end. A task of its own: a disk that hangs must not
/// keep a replica from its beat. What the file misses in between, the nodes' heartbeats know.
/// </summary>
internal sealed class ArbiterKeeper(ArbiterFile file, ReplicaView view, QuorumTiming timing, TimeProvider time, ILogger<ArbiterKeeper> logger)
    : BackgroundService, IDegradation
{
    private ArbiterSight _written;
    private volatile string? _failure;

    /// <inheritdoc/>
    public IReadOnlyList<string> Degradations =>
    [
        .. _failure is { } failure ? [$"how far the database counts cannot be written down: {failure}"] : Array.Empty<string>(),
        .. view.Arbiter.IsTrusted ? [] : new[] { "the database went back (#1130): no lease is given, see `quorate arbiter status`" },
        .. view.BeatFailure is { } beat ? new[] { $"this replica cannot beat, so it judges nobody: {beat}" } : [],
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!file.IsKept)
        {
            return;
        }

        try
        {
            while (true)
            {
                await Task.Delay(timing.HeartbeatInterval, time, stoppingToken);
                await Task.Run(Write, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Write();
        }
    }

    private void Write()
    {
        ArbiterSight highest = view.Highest;
        if (highest == _written || highest.Era == 0)
        {
            return;
        }

        try
        {
            file.Write(highest);
            _written = highest;
            _failure = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (_failure is null)
            {
                logger.ArbiterNotWritten(failure.Message);
            }

            _failure = failure.Message;
        }
    }
}
