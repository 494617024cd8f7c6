using Quorate.Model.Fencing;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 3, Defaults, with S2, S6 and S7.</summary>
public sealed class When_a_takeover_takes_longest
{
    [Theory]
    [InlineData(1_000, 0, 1_200, 1_800, 1_500, 1_000)]
    [InlineData(10_000, 0, 12_000, 18_000, 15_000, 10_000)]
    [InlineData(10_000, 3, 12_000, 18_000, 18_000, 10_000)]
    public void The_worst_case_follows_from_the_times(int ttl, int postFailDelay, int lost, int byTime, int fencing, int stop)
    {
        WorstCase worst = WorstCase.Of(
            QuorumTiming.For(TimeSpan.FromMilliseconds(ttl)), new FencingSettings(TimeSpan.FromSeconds(postFailDelay), TimeSpan.Zero));

        Assert.Equal(
            (lost, byTime, fencing, stop),
            ((int)worst.Lost.TotalMilliseconds, (int)worst.FencedByTime.TotalMilliseconds, (int)worst.FencingBegins.TotalMilliseconds,
                (int)worst.StopBegins.TotalMilliseconds));
    }

    /// <summary>No node that stops in time can still run something when time counts as its fencing (rule S7).</summary>
    [Theory]
    [Trait("Rule", "S7")]
    [InlineData(200)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    [InlineData(600_000)]
    public void Time_fences_after_the_guard_is_through(int ttl)
    {
        QuorumTiming timing = QuorumTiming.For(TimeSpan.FromMilliseconds(ttl));
        WorstCase worst = WorstCase.Of(timing, FencingSettings.Default);

        Assert.True(worst.FencedByTime > worst.StopBegins + timing.StopDeadline);
    }

    /// <summary>A node whose guard died in its last moment is reset only when its watchdog has waited.</summary>
    [Fact]
    [Trait("Rule", "S7")]
    public void A_watchdog_takes_its_time_on_top()
    {
        QuorumTiming timing = QuorumTiming.For(TimeSpan.FromSeconds(10));

        WorstCase worst = WorstCase.Of(timing, FencingSettings.Default, TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(23), worst.FencedByTime);
        Assert.Equal(WorstCase.Of(timing, FencingSettings.Default) with { FencedByTime = worst.FencedByTime }, worst);
    }
}
