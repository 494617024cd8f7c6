namespace Quorate.Tests.Integration.Cli;

/// <summary>Source: issue "The backbone", deliverable 6: exit status 2 for usage; nothing is sent and nothing is thrown.</summary>
public sealed class When_a_command_line_makes_no_sense
{
    [Theory]
    [InlineData("enable a --wait abc")]
    [InlineData("disable a --wait 0")]
    [InlineData("stop a --wait 3601")]
    [InlineData("restart a --wait 99999999999")]
    [InlineData("relocate a --wait 1.5")]
    [InlineData("fence ack n1 --wait abc")]
    public async Task A_wait_that_is_no_number_of_seconds_is_refused(string words)
    {
        CommandEnd end = await CommandProcess.RunAsync(words.Split(' '));

        Assert.Equal((2, ""), (end.Code, end.Output));
        Assert.StartsWith($"quorate: --wait takes 1 to 3600 seconds, not '{words.Split(' ')[^1]}'", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate --bogus FILE")]
    [InlineData("validate FILE --bogus")]
    [InlineData("simulate --bogus FILE")]
    [InlineData("enable --bogus 3 a")]
    [InlineData("status --bogus")]
    [InlineData("rg_test noop --bogus start service a")]
    public async Task An_option_that_does_not_exist_is_what_is_blamed(string words)
    {
        CommandEnd end = await CommandProcess.RunAsync(words.Split(' '));

        Assert.Equal((2, ""), (end.Code, end.Output));
        Assert.StartsWith("quorate: there is no option '--bogus'", end.Error, StringComparison.Ordinal);
    }

    /// <summary>The help of the command that was meant, however deep it stands.</summary>
    [Theory]
    [InlineData("config apply", "config apply")]
    [InlineData("config apply FILE --bogus", "config apply")]
    [InlineData("config bogus", "config")]
    [InlineData("queues replay", "queues replay")]
    [InlineData("fence ack", "fence ack")]
    [InlineData("enable", "enable")]
    [InlineData("status --bogus", "status")]
    public async Task The_help_of_that_very_command_is_pointed_to(string words, string command)
    {
        CommandEnd end = await CommandProcess.RunAsync(words.Split(' '));

        Assert.Equal((2, ""), (end.Code, end.Output));
        Assert.EndsWith($"Try: quorate {command} --help\n", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_command_points_to_all_of_them()
    {
        CommandEnd end = await CommandProcess.RunAsync("bogus");

        Assert.Equal(2, end.Code);
        Assert.EndsWith("Try: quorate --help\n", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_looks_like_an_option_goes_behind_two_dashes()
    {
        CommandEnd end = await CommandProcess.RunAsync("validate", "--", "--bogus");

        Assert.Equal(3, end.Code);
        Assert.StartsWith("--bogus: cannot be read", end.Error, StringComparison.Ordinal);
    }
}
