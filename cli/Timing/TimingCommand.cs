using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;

using Quorate.Cli.Files;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Quorum.Core;

namespace Quorate.Cli.Timing;

/// <summary><c>quorate timing FILE</c>: which times a configuration leads to, and how long a takeover takes at worst.</summary>
internal static class TimingCommand
{
    /// <summary>The subcommand with its options.</summary>
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "The cluster.conf." };
        Option<int?> ttl = new("--ttl") { Description = "Milliseconds of a lease, as Quorate:TtlMilliseconds sets it. Default: totem/@token, else 10000.", HelpName = "MS" };
        Option<int?> stopDeadline = new("--stop-deadline") { Description = "Milliseconds, as the guards were started with (--stop-deadline). Default: ttl/2, at least 500.", HelpName = "MS" };
        Option<int?> watchdog = new("--watchdog-timeout") { Description = "Seconds, as the guards report their watchdogs. Default: no watchdog.", HelpName = "S" };
        Command command = new("timing", "Show every time the cluster works with, and the worst cases they lead to.") { file, ttl, stopDeadline, watchdog };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file), parsed.GetValue(ttl), Console.Out, Console.Error, parsed.GetValue(stopDeadline), parsed.GetValue(watchdog)));
        return command;
    }

    /// <summary>Prints the times, or every contradiction.</summary>
    /// <returns>The exit code: refused when the times contradict each other or the file cannot be used.</returns>
    public static int Run(string file, int? ttl, TextWriter output, TextWriter error, int? stopDeadline = null, int? watchdogSeconds = null)
    {
        if (ConfigurationFile.ReadUsable(file, ResourceTypeCatalog.BuiltIn, error) is not { } configuration)
        {
            return ExitCode.Refused;
        }

        QuorumTiming timing = QuorumTiming.For(QuorumTiming.ChooseTtl(ttl, configuration.Quorum.Token));
        timing = timing with { StopDeadline = stopDeadline is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : timing.StopDeadline };
        TimeSpan watchdog = TimeSpan.FromSeconds(watchdogSeconds ?? 0);
        ImmutableArray<string> problems =
            [.. timing.FindProblems(), .. QuorumTiming.ProblemsOfPromise(stopDeadline ?? (long)timing.StopDeadline.TotalMilliseconds, (long)watchdog.TotalMilliseconds)];
        foreach (string problem in problems)
        {
            error.WriteLine($"quorate: {problem}");
        }

        if (!problems.IsEmpty)
        {
            return ExitCode.Refused;
        }

        Print(timing, watchdog, configuration, output);
        return ExitCode.Done;
    }

    private static void Print(QuorumTiming timing, TimeSpan watchdog, ClusterConfiguration configuration, TextWriter output)
    {
        WorstCase worst = WorstCase.Of(timing, configuration.Fencing, watchdog);
        bool hasDevices = configuration.Nodes.Any(node => node.HasFenceDevice);
        output.WriteLine("Settings");
        Line("lease (ttl)", timing.Ttl);
        Line("heartbeat", timing.HeartbeatInterval);
        Line("margin", timing.Margin);
        Line("stop deadline", timing.StopDeadline);
        if (watchdog > TimeSpan.Zero)
        {
            Line("watchdog", watchdog);
        }

        Line("replicas look every", timing.TickInterval);
        Line("silent bus forgiven for", timing.BusGrace);
        if (hasDevices)
        {
            Line("post_fail_delay", configuration.Fencing.PostFailDelay);
            Line("post_join_delay", configuration.Fencing.PostJoinDelay);
        }

        output.WriteLine("At worst, after a node died");
        Line("it is called lost", worst.Lost);
        Line($"its guard {(watchdog > TimeSpan.Zero ? "or watchdog " : "")}has ended all it ran, its services start elsewhere", worst.FencedByTime);
        if (hasDevices)
        {
            Line("its first fence agent runs; its services start elsewhere once a device is proven off", worst.FencingBegins);
        }

        output.WriteLine("At worst, after a node was cut off");
        Line("it begins to stop its services", worst.StopBegins);

        void Line(string what, TimeSpan time) => output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds,9:0} ms  {what}"));
    }
}
