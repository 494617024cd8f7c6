using Quorate.Cli;
using Quorate.Cli.Timing;

namespace Quorate.Tests.Unit.Cli;

public sealed class When_times_are_shown : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void The_worst_cases_stand_behind_the_settings_they_follow_from()
    {
        (int code, string output, string error) = Show("""<cluster name="c" config_version="1"><totem token="1000"/><clusternodes><clusternode name="n1" nodeid="1"/></clusternodes></cluster>""");

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("     1000 ms  lease (ttl)", output, StringComparison.Ordinal);
        Assert.Contains("     1200 ms  it is called lost", output, StringComparison.Ordinal);
        Assert.Contains("     1800 ms  its guard has ended all it ran", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fence agent", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_option_wins_over_the_file()
    {
        (int code, string output, _) = Show("""<cluster name="c" config_version="1"><totem token="1000"/></cluster>""", ttl: 2_000);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("     2000 ms  lease (ttl)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watchdog_and_a_longer_stop_deadline_are_part_of_the_takeover_by_time()
    {
        (int code, string output, _) = Show("""<cluster name="c" config_version="1"><totem token="1000"/></cluster>""", stopDeadline: 900, watchdog: 5);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("     5000 ms  watchdog", output, StringComparison.Ordinal);
        Assert.Contains("     7200 ms  its guard or watchdog has ended all it ran", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, null, "a stop deadline is 500 ms to 3600000 ms, and this one is 100 ms")]
    [InlineData(null, 4_000, "a watchdog time is 0 to 3600000 ms, and this one is 4000000 ms")]
    [InlineData(null, -1, "a watchdog time is 0")]
    public void What_no_heartbeat_could_promise_is_refused(int? stopDeadline, int? watchdog, string reason)
    {
        (int code, _, string error) = Show("""<cluster name="c" config_version="1"/>""", stopDeadline: stopDeadline, watchdog: watchdog);

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<cluster name="c" config_version="1"/>""", 100, "ttl must be")]
    [InlineData("<cluster", null, "not well-formed")]
    public void What_contradicts_itself_or_cannot_be_used_is_refused(string text, int? ttl, string reason)
    {
        (int code, string output, string error) = Show(text, ttl);

        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private (int Code, string Output, string Error) Show(string text, int? ttl = null, int? stopDeadline = null, int? watchdog = null)
    {
        File.WriteAllText(_file, text);
        using StringWriter output = new();
        using StringWriter error = new();
        int code = TimingCommand.Run(_file, ttl, output, error, stopDeadline, watchdog);
        return (code, output.ToString(), error.ToString());
    }
}
