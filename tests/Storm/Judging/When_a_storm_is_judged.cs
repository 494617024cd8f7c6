using System.Collections.Immutable;
using Quorate.Cli.Demo.Witness;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Judging;

/// <summary>Source: issue "Never two owners, nothing lost", deliverable 5. A judge that finds nothing in these records would find nothing in a storm.</summary>
public sealed class When_a_storm_is_judged
{
    private const long Second = 1_000_000_000;
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_service_that_stops_before_it_starts_elsewhere_is_in_order()
    {
        Verdict verdict = Judge.Decide(Seen("1 n1 starting", "2 n1 start", "3 n1 alive", "4 n1 stop", "5 n2 starting", "6 n2 start", "99 n2 alive"));

        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public void An_owner_that_loses_its_power_says_nothing_more_and_is_in_order()
    {
        Verdict verdict = Judge.Decide(Seen("2 n1 start", "3 n1 alive", "5 n2 starting", "6 n2 start", "99 n2 alive"));

        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public void A_sign_of_life_after_another_node_has_started_is_an_overlap()
    {
        Verdict verdict = Judge.Decide(Seen("2 n1 start", "6 n2 start", "7 n1 alive", "99 n2 alive"));

        Assert.Contains("n1 wrote 'alive'", Assert.Single(verdict.Overlaps), StringComparison.Ordinal);
    }

    /// <summary>The lock makes the second start wait until the first owner is gone: without this line nobody would know.</summary>
    [Fact]
    public void An_owner_that_is_gone_only_after_another_start_began_is_an_overlap()
    {
        Verdict verdict = Judge.Decide(Seen("2 n1 start", "5 n2 starting", "6 n1 stop", "7 n2 start", "99 n2 alive"));

        Assert.Contains("a start on n2 began", Assert.Single(verdict.Overlaps), StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_met_the_lock_of_another_is_an_overlap()
    {
        Verdict verdict = Judge.Decide(Seen("2 n1 start", "5 n2 refused", "99 n1 alive"));

        Assert.Contains("still held the lock", Assert.Single(verdict.Overlaps), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sign_of_life_after_the_node_was_proven_off_is_an_overlap()
    {
        Evidence seen = Seen("2 n1 start", "50 n1 alive", "60 n2 starting", "61 n2 start", "99 n2 alive");

        Verdict verdict = Judge.Decide(seen with { Fencings = [Off("n1", 40)] });

        Assert.Contains("had been proven off", Assert.Single(verdict.Overlaps), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_was_off_and_starts_again_is_in_order()
    {
        Evidence seen = Seen("2 n1 start", "30 n1 alive", "50 n1 starting", "51 n1 start", "99 n1 alive");

        Verdict verdict = Judge.Decide(seen with { Fencings = [Off("n1", 40)], Cluster = Running("n1") });

        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public void An_epoch_that_goes_back_is_an_overlap()
    {
        Verdict verdict = Judge.Decide(Healthy() with { Histories = Told(Step(ServiceState.Starting, "n2", 5), Step(ServiceState.Started, "n2", 4)) });

        Assert.Contains("went back from 5 to 4", Assert.Single(verdict.Overlaps), StringComparison.Ordinal);
    }

    [Fact]
    public void An_owner_that_follows_another_without_a_stop_is_an_overlap()
    {
        Verdict verdict = Judge.Decide(Healthy() with { Histories = Told(Step(ServiceState.Started, "n1", 4), Step(ServiceState.Started, "n2", 5)) });

        Assert.Contains("with nothing between", Assert.Single(verdict.Overlaps), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_without_an_answer_is_lost()
    {
        Verdict verdict = Judge.Decide(Healthy() with { Orders = [Answered("r1", ResultCode.Success, "a"), Answered("r2", null, "b")] });

        Assert.StartsWith("r2 ", Assert.Single(verdict.LostCommands), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_was_accepted_twice_is_lost()
    {
        Verdict verdict = Judge.Decide(Healthy() with { Orders = [Answered("r1", ResultCode.Success, "a", "b")] });

        Assert.Contains("carried out twice", Assert.Single(verdict.LostCommands), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90 n2 stop", "its last sign is stop")]
    [InlineData("80 n2 alive", "20000 ms ago")]
    public void A_service_that_the_API_believes_in_and_nobody_sees_does_not_run(string last, string said)
    {
        Verdict verdict = Judge.Decide(Seen("6 n2 start", last));

        Assert.Contains(said, Assert.Single(verdict.NotRunning), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_on_another_node_than_the_API_says_does_not_run()
    {
        Verdict verdict = Judge.Decide(Healthy() with { Cluster = Running("n3") });

        Assert.Contains("on n2", Assert.Single(verdict.NotRunning), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_is_not_started_does_not_run()
    {
        ClusterView stopped = Running("n2");

        Verdict verdict = Judge.Decide(Healthy() with
        {
            Cluster = stopped with { Services = [stopped.Services[0] with { State = ServiceState.Stopped, Owner = null }] },
        });

        Assert.Contains("is Stopped", Assert.Single(verdict.NotRunning), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_does_not_answer_runs_nothing()
    {
        Verdict verdict = Judge.Decide(Healthy() with { Cluster = null });

        Assert.Single(verdict.NotRunning);
    }

    [Fact]
    public void An_outage_is_from_the_last_sign_of_one_owner_to_the_start_of_the_next()
    {
        Evidence seen = Seen("2 n1 start", "3 n1 alive", "10 n2 start", "11 n2 stop", "40 n1 start", "99 n2 alive") with
        {
            Histories = Told(Step(ServiceState.Stopped, null, 7) with { At = Noon.AddSeconds(-89), Cause = "stop r1" }),
        };

        Assert.Equal(("web", TimeSpan.FromSeconds(29)), Outages.Longest(seen, new HashSet<string>()));
        Assert.Equal(("web", TimeSpan.FromSeconds(7)), Outages.Longest(seen, new HashSet<string> { "r1" }));
    }

    private static Evidence Healthy() => Seen("6 n2 start", "99 n2 alive");

    /// <summary>Lines as <c>SECOND NODE EVENT</c>, seen at second 100, which is noon.</summary>
    private static Evidence Seen(params string[] lines) => new(
        [.. lines.Select(line => line.Split(' ')).Select(parts => new WitnessLine(long.Parse(parts[0]) * Second, parts[1], parts[2], "web"))],
        ImmutableSortedDictionary<string, ImmutableArray<TransitionView>>.Empty,
        [],
        [],
        Running("n2"),
        100 * Second,
        Noon);

    private static ClusterView Running(string owner) => new()
    {
        Name = "storm",
        IsQuorate = true,
        Generation = 1,
        Votes = 3,
        VotesNeeded = 2,
        ConfigurationVersion = 1,
        ConfigurationDigest = "",
        Nodes = [],
        Services =
        [
            new ServiceView
            {
                Name = new ServiceName("service:web"),
                State = ServiceState.Started,
                Owner = new NodeName(owner),
                Epoch = 1,
                Flags = [],
                Restarts = 0,
                Since = Noon,
                Reason = "as ordered",
            },
        ],
    };

    private static FenceAttempted Off(string node, int second) => new()
    {
        Node = new NodeName(node),
        Incarnation = new Incarnation("one"),
        Round = 1,
        Method = "management",
        Device = "board",
        Agent = "fence_lab",
        Action = "status",
        Outcome = "isOff",
        Detail = "",
        At = Noon.AddSeconds(second - 100),
        DurationMilliseconds = 0,
        Replica = "quorum1",
    };

    private static ImmutableSortedDictionary<string, ImmutableArray<TransitionView>> Told(params TransitionView[] history) =>
        ImmutableSortedDictionary<string, ImmutableArray<TransitionView>>.Empty.Add("web", [.. history]);

    private static TransitionView Step(ServiceState to, string? owner, long epoch) => new()
    {
        Id = epoch,
        At = Noon,
        From = ServiceState.Stopped,
        To = to,
        Owner = owner is null ? null : new NodeName(owner),
        Epoch = epoch,
        Reason = "",
        Cause = "",
    };

    private static OrderOutcome Answered(string requestId, ResultCode? result, params string[] operations) =>
        new(new Order(TimeSpan.Zero, requestId, "web", "enable", null, false, 0), result, [.. operations]);
}
