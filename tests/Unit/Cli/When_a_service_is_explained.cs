using Quorate.Cli.Why;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Cli;

/// <summary>What <c>quorate why</c> and <c>quorate history</c> print.</summary>
public sealed class When_a_service_is_explained
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 1, 1, 12, 0, 0)));

    [Fact]
    public void What_runs_nowhere_is_told_with_what_every_node_speaks_against()
    {
        PlacementView why = new()
        {
            Service = Service(ServiceState.Stopped) with { LastOwner = new("n1"), Flags = ["held"] },
            Action = "leavealone",
            Reason = "no node can take it",
            Nodes =
            [
                new NodeScoreView { Node = new("n1"), Score = "illegal", Objection = "it is lost" },
                new NodeScoreView { Node = new("longer"), Score = "best", Objection = "it may still run on n1" },
            ],
        };

        Assert.Equal(
            """
            service:web is stopped, last on n1 [held] since 2026-01-01 12:00:00: because
            The planner, asked now: no node can take it
              n1      illegal  it is lost
              longer  best     it may still run on n1
            """,
            WhyText.Of(why));
    }

    [Fact]
    public void The_node_that_it_would_have_is_told_from_those_that_could_take_it()
    {
        PlacementView why = new()
        {
            Service = Service(ServiceState.Started) with { Owner = new("n2") },
            Action = "leavealone",
            Node = new("n2"),
            Reason = "it runs on n2",
            Nodes = [new NodeScoreView { Node = new("n1"), Score = "good" }, new NodeScoreView { Node = new("n2"), Score = "good" }],
        };

        Assert.Equal(["  n1  good     it could take it", "  n2  good     it is the one"], WhyText.Of(why).Split(Environment.NewLine)[2..]);
    }

    [Fact]
    public void A_transition_is_a_line_and_none_is_said_in_words()
    {
        TransitionView transition = new()
        {
            Id = 1, At = Noon, From = ServiceState.Stopped, To = ServiceState.Starting, Owner = new("n2"), Epoch = 7, Reason = "starting on n2 (best)", Cause = "plan: Start",
        };

        Assert.Equal(
            "2026-01-01 12:00:00  stopped       -> starting      n2  epoch 7  starting on n2 (best) (plan: Start)",
            WhyText.Of(new ServiceName("service:web"), [transition], asked: 2));
        Assert.Equal("Nothing has become of service:web yet, as far as that is kept.", WhyText.Of(new ServiceName("service:web"), [], asked: 2));
        Assert.EndsWith($"{Environment.NewLine}Older ones, if there are any: --before 1", WhyText.Of(new ServiceName("service:web"), [transition], asked: 1), StringComparison.Ordinal);
    }

    private static ServiceView Service(ServiceState state) => new()
    {
        Name = new("service:web"), State = state, Epoch = 3, Flags = [], Restarts = 0, Since = Noon, Reason = "because",
    };
}
