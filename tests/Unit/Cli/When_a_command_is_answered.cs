using Quorate.Cli.Api;
using Quorate.Cli.Commands;
using Quorate.Contracts;

namespace Quorate.Tests.Unit.Cli;

/// <summary>Source: issue "The backbone", deliverable 6 (exit status); rgmanager.md 5.1 and 5.4 (texts and numbers).</summary>
public sealed class When_a_command_is_answered
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    [Fact]
    public void Success_names_the_owner()
    {
        var outcome = Outcome.Of("enable service:web", new CommandReply { Result = ResultCode.Success, Owner = new NodeName("n2") }, Wait);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["enable service:web: Success; runs on n2"], outcome.Lines);
    }

    [Fact]
    public void A_refusal_lists_every_reason()
    {
        CommandReply reply = new() { Result = ResultCode.Domain, Code = -15, Reasons = ["n1: not in the domain", "n2: lost"] };

        var outcome = Outcome.Of("relocate service:web", reply, Wait);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(["relocate service:web: Service not runnable (-15)", "  n1: not in the domain", "  n2: lost"], outcome.Lines);
    }

    [Theory]
    [InlineData(ResultCode.AlreadyRunning, 0)]
    [InlineData(ResultCode.Warning, 0)]
    [InlineData(ResultCode.Fail, 1)]
    [InlineData(ResultCode.NoService, 1)]
    [InlineData(ResultCode.Relocated, 1)]
    public void The_exit_status_says_whether_what_was_wanted_is_so(ResultCode result, int expected)
    {
        var outcome = Outcome.Of("enable service:web", new CommandReply { Result = result }, Wait);

        Assert.Equal(expected, outcome.ExitCode);
    }

    [Fact]
    public void An_outcome_that_is_still_open_after_the_wait_is_no_answer()
    {
        var outcome = Outcome.Of("enable service:web", new CommandReply { Operation = "17" }, Wait);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("operation 17", Assert.Single(outcome.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Acceptance_is_enough_for_one_who_does_not_wait()
    {
        var outcome = Outcome.Of("enable service:web", new CommandReply { Operation = "17" }, wait: null);

        Assert.Equal(0, outcome.ExitCode);
    }
}
