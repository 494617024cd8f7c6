using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>Source: rule S3, "a node that hears no grants, or whose bus is dead while the replica's works, is not renewed".</summary>
[Trait("Rule", "S3")]
public sealed class When_a_node_does_not_hear
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(2_000, false)]
    [InlineData(2_001, true)]
    public void It_is_deaf_when_its_newest_answer_is_older_than_a_lease(long sequence, bool isDeaf)
    {
        (_, string? deafness) = Judge(Hearing.Nothing, sequence, answer: 1_000, busAnswer: sequence, Grace);

        Assert.Equal(isDeaf, deafness is not null);
    }

    [Fact]
    public void A_node_that_starts_has_a_whole_lease_of_time_to_hear_its_first_answer()
    {
        (Hearing hearing, string? first) = Judge(Hearing.Nothing, 50_000, 0, 0, Grace);
        (hearing, string? within) = Judge(hearing, 51_000, 0, 0, Grace);
        (_, string? after) = Judge(hearing, 51_001, 0, 0, Grace);

        Assert.Null(first);
        Assert.Null(within);
        Assert.NotNull(after);
    }

    [Fact]
    public void An_executor_that_starts_again_in_the_same_incarnation_has_that_time_again()
    {
        (Hearing hearing, _) = Judge(Hearing.Nothing, 1_000, 900, 900, Grace);

        (_, string? deafness) = Judge(hearing, 90_000, 0, 0, Grace);

        Assert.Null(deafness);
    }

    [Theory]
    [InlineData(7_000, false)]
    [InlineData(7_001, true)]
    public void Its_bus_is_dead_when_nothing_came_back_over_it_for_the_grace(long sequence, bool isDeaf)
    {
        (_, string? deafness) = Judge(Hearing.Nothing, sequence, sequence, busAnswer: 1_000, Grace);

        Assert.Equal(isDeaf, deafness is not null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5_999)]
    public void Its_bus_is_not_judged_until_ours_has_worked_for_the_grace(int? ownBusMilliseconds)
    {
        TimeSpan? own = ownBusMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

        (_, string? deafness) = Judge(Hearing.Nothing, 60_000, 60_000, busAnswer: 1_000, own);

        Assert.Null(deafness);
    }

    /// <summary>A database that hung: nobody was answered, which says nothing about anybody's ears (rule S2).</summary>
    [Fact]
    public void After_a_gap_of_the_replica_itself_it_is_judged_anew()
    {
        (Hearing hearing, string? first) = Judge(Hearing.AfterGap, 50_000, answer: 1_000, busAnswer: 1_000, Grace);
        (hearing, string? within) = Judge(hearing, 51_000, answer: 1_000, busAnswer: 1_000, Grace);
        (_, string? after) = Judge(hearing, 51_001, answer: 1_000, busAnswer: 1_000, Grace);

        Assert.Null(first);
        Assert.Null(within);
        Assert.NotNull(after);
    }

    private static (Hearing, string?) Judge(Hearing hearing, long sequence, long answer, long busAnswer, TimeSpan? ownBus)
    {
        NodeHeartbeat heartbeat = Cluster.Beat("n1", "a", sequence) with { NewestAnswer = answer, NewestBusAnswer = busAnswer };
        return hearing.Judge(heartbeat, Ttl, Grace, ownBus);
    }
}
