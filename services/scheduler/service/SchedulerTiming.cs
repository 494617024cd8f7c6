using Quorate.Hosting.Settings;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Service;

/// <summary>How often the scheduler looks by itself.</summary>
/// <param name="Sweep">Between two sweeps: one ttl (rule S13).</param>
/// <param name="Tick">Between two looks for due deadlines.</param>
/// <param name="LockPatience">How long the lock of the evaluation is waited for before #33 is raised; it is then tried again.</param>
internal sealed record SchedulerTiming(TimeSpan Sweep, TimeSpan Tick, TimeSpan LockPatience)
{
    private static readonly TimeSpan TtlDefault = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SweepMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPatienceMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TickDefault = TimeSpan.FromMilliseconds(500);

    /// <summary>From the settings, else from the configuration's token, else from the default.</summary>
    public static SchedulerTiming From(QuorateOptions options, ClusterConfiguration configuration)
    {
        TimeSpan ttl = options.TtlMilliseconds is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : configuration.Quorum.Token ?? TtlDefault;
        TimeSpan sweep = ttl < SweepMin ? SweepMin : ttl;
        return new SchedulerTiming(sweep, TickDefault, sweep < LockPatienceMax ? sweep : LockPatienceMax);
    }
}
