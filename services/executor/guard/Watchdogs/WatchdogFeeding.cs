namespace Quorate.Executor.Guard.Watchdogs;

/// <summary>
/// Feeds a watchdog while the guard keeps its promise: until the stop deadline has passed without proof. Then it starves, and the machine is
/// reset within its timeout, whatever else of this guard hangs (rule S7). If the guard dies it starves too.
/// </summary>
internal sealed class WatchdogFeeding
{
    /// <summary>So often in each timeout: a feed that comes late, or is refused once, does no harm.</summary>
    private const int FeedsPerTimeout = 5;

    private readonly IWatchdogDevice _device;
    private readonly Func<bool> _isOverdue;
    private readonly Log _log;
    private readonly object _gate = new();
    private bool _isStarving;
    private bool _isDisarmed;

    /// <param name="device">Armed.</param>
    /// <param name="isOverdue">True while something that had to be proven stopped by now is not. Called on the feeding thread: where it hangs, nothing is fed.</param>
    /// <param name="log">Where it is told.</param>
    public WatchdogFeeding(IWatchdogDevice device, Func<bool> isOverdue, Log log) => (_device, _isOverdue, _log) = (device, isOverdue, log);

    /// <summary>How often it is fed.</summary>
    public TimeSpan Interval => _device.Timeout / FeedsPerTimeout;

    /// <summary>Feeds it from a thread of its own until <see cref="Disarm"/>.</summary>
    public void Start() => new Thread(FeedForever) { IsBackground = true, Name = "watchdog", Priority = ThreadPriority.Highest }.Start();

    /// <summary>Feeds it once, unless it has to starve.</summary>
    public void FeedOnce()
    {
        lock (_gate)
        {
            if (_isDisarmed)
            {
                return;
            }

            bool isOverdue = _isOverdue();
            if (isOverdue && !_isStarving)
            {
                _log.WatchdogStarves(_device.Timeout);
            }

            _isStarving = isOverdue;
            if (!isOverdue && !_device.Feed())
            {
                _log.WatchdogNotFed();
            }
        }
    }

    /// <summary>Disarms it: to be called once everything is proven stopped and nothing will start any more.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            if (!_isDisarmed)
            {
                _isDisarmed = true;
                _device.Disarm();
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void FeedForever()
    {
        lock (_gate)
        {
            while (!_isDisarmed)
            {
                FeedOnce();
                Monitor.Wait(_gate, Interval);
            }
        }
    }
}
