using Quorate.Cli.Simulate;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Cli;

/// <summary>What <c>quorate simulate</c> prints of a running cluster.</summary>
public sealed class When_a_future_is_shown
{
    [Fact]
    public void Warnings_come_first_and_every_service_has_its_line()
    {
        SimulationView view = new()
        {
            IsQuorate = false,
            Votes = 1,
            VotesNeeded = 2,
            ConfigurationVersion = 4,
            Warnings = ["quorum would dissolve"],
            Changes = ["service:web is adjusted: because\nof this"],
            Answers = [new SimulatedAnswerView { Command = "enable", Service = new("service:off"), Result = ResultCode.Quorum, IsRefused = true, Reasons = ["the cluster is not quorate"] }],
            Services =
            [
                new SimulatedServiceView { Name = new("service:web"), State = ServiceState.Started, Owner = new("n1"), Action = "move", Node = new("n2"), Score = "best", Reason = "starting on n2 (best)", Nodes = [] },
                new SimulatedServiceView { Name = new("service:off"), State = ServiceState.Disabled, Action = "none", Reason = "it is disabled", Nodes = [] },
            ],
        };

        Assert.Equal(
            """
            NOT quorate, votes 1 (needs 2), configuration version 4; nothing was changed
            warning: quorum would dissolve
            change: service:web is adjusted: because of this
            enable service:off: refused, Operation requires quorum; the cluster is not quorate
            SERVICE      NOW            WOULD  NODE  SCORE  REASON
            service:web  started on n1  move   n2    best   starting on n2 (best)
            service:off  disabled       none   -     -      it is disabled
            """,
            LiveSimulationText.Of(view));
    }
}
