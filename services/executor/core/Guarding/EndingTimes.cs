namespace Quorate.Executor.Core.Guarding;

/// <summary>How the time to end an incarnation is spent; milliseconds on CLOCK_BOOTTIME.</summary>
/// <param name="StopsEnd">Until then stop actions may run; then what is left of a service is killed and its monitors are asked.</param>
/// <param name="Deadline">Until then all is proven stopped, or the node is destroyed (rule S7).</param>
public readonly record struct EndingTimes(long StopsEnd, long Deadline)
{
    private const long StopsPercent = 60;
    private const long Percent = 100;

    /// <summary>The first round. An incarnation that ends while its lease still holds has the rest of the lease too.</summary>
    public static EndingTimes First(long now, long leaseDeadline, long stopDeadline)
    {
        long expiry = leaseDeadline > 0 ? leaseDeadline : now;
        return new(expiry + (stopDeadline * StopsPercent / Percent), expiry + stopDeadline);
    }

    /// <summary>Another round within the same deadline: the same share of what is left.</summary>
    public EndingTimes Again(long now) => this with { StopsEnd = now + (Math.Max(0, Deadline - now) * StopsPercent / Percent) };
}
