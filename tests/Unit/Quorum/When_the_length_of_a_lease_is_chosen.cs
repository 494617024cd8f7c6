using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: DESIGN 3, Defaults.</summary>
public sealed class When_the_length_of_a_lease_is_chosen
{
    [Fact]
    public void The_setting_wins_over_the_token_and_the_token_over_the_default()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), QuorumTiming.ChooseTtl(2_000, TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(5), QuorumTiming.ChooseTtl(null, TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(10), QuorumTiming.ChooseTtl(null, null));
    }

    [Theory]
    [InlineData(200, 40, 100, 500, 50)]
    [InlineData(1_000, 200, 100, 500, 100)]
    [InlineData(10_000, 2_000, 1_000, 5_000, 1_000)]
    [InlineData(60_000, 12_000, 6_000, 30_000, 1_000)]
    public void The_other_times_follow(int ttl, int heartbeat, int margin, int stop, int tick)
    {
        QuorumTiming timing = QuorumTiming.For(TimeSpan.FromMilliseconds(ttl));

        Assert.Empty(timing.FindProblems());
        Assert.Equal(
            (heartbeat, margin, stop, tick),
            ((int)timing.HeartbeatInterval.TotalMilliseconds, (int)timing.Margin.TotalMilliseconds,
                (int)timing.StopDeadline.TotalMilliseconds, (int)timing.TickInterval.TotalMilliseconds));
    }

    [Theory]
    [InlineData(199)]
    [InlineData(0)]
    [InlineData(600_001)]
    public void A_length_nobody_can_keep_is_refused(int ttl)
    {
        Assert.NotEmpty(QuorumTiming.For(TimeSpan.FromMilliseconds(ttl)).FindProblems());
    }

    /// <summary>After an outage of the broker a node may reconnect 30 s later than a replica.</summary>
    [Theory]
    [InlineData(1_000, 45_000)]
    [InlineData(10_000, 60_000)]
    [Trait("Rule", "S3")]
    public void A_silent_bus_is_forgiven_for_six_leases_and_for_longer_than_a_node_takes_to_reconnect(int ttl, int grace)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(grace), QuorumTiming.For(TimeSpan.FromMilliseconds(ttl)).BusGrace);
    }

    [Fact]
    public void Contradictory_times_are_refused_each_with_its_reason()
    {
        QuorumTiming timing = QuorumTiming.For(TimeSpan.FromSeconds(1)) with
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(900),
            Margin = TimeSpan.Zero,
            StopDeadline = TimeSpan.FromMilliseconds(1),
        };

        Assert.Equal(3, timing.FindProblems().Length);
    }
}
