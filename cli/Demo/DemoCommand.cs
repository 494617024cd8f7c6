using System.CommandLine;
using System.Globalization;
using Quorate.Cli.Demo.Live;
using Quorate.Cli.Demo.Script;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.Demo;

/// <summary><c>quorate demo</c>: a three-node cluster in one process, to play with or to watch.</summary>
internal static class DemoCommand
{
    private const int LogLinesShown = 40;

    /// <summary>What the agents of the demo need from the machine.</summary>
    private static readonly string[] Programs = ["sh", "flock", "setsid"];

    /// <summary>The subcommand with its options.</summary>
    public static Command Create()
    {
        Option<bool> script = new("--script") { Description = "Play by itself, in under a minute, and prove every step by what the agents wrote. Exit 0 only if all were observed." };
        Option<bool> keep = new("--keep") { Description = "Keep the temporary directory with the log and the agents' files." };
        Command command = new("demo", "Run a three-node cluster in this process: cut a node's power, break a resource, give commands, and see why what happens.")
        {
            script, keep,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(script), parsed.GetValue(keep), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool isScript, bool keeps, CancellationToken cancellation)
    {
        if (FindObstacle(isScript) is { } obstacle)
        {
            await Console.Error.WriteLineAsync($"quorate: {obstacle}");
            return ExitCode.Refused;
        }

        DemoDirectory directory = DemoDirectory.Create();
        using DemoLog log = new(directory.LogFile);
        int code = ExitCode.Refused;
        try
        {
            code = isScript ? await PlayAsync(directory, log, cancellation) : await LiveDemo.RunAsync(directory, log, cancellation);
            return code;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"quorate: the demo broke off: {failure.Message} (log: {directory.LogFile})");
            return code;
        }
        finally
        {
            Leave(directory, keeps || code != ExitCode.Done);
        }
    }

    private static string? FindObstacle(bool isScript)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the demo runs resource agents, which are Linux programs: run it on Linux";
        }

        if (!isScript && (Console.IsOutputRedirected || Console.IsInputRedirected))
        {
            return "the demo needs a terminal; without one, 'quorate demo --script' plays it by itself and tells what happens";
        }

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string[] missing = [.. Programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program))))];
        return missing.Length > 0 ? $"not installed: {string.Join(", ", missing)} (Debian: apt-get install util-linux); the demo's agents need them" : null;
    }

    private static async Task<int> PlayAsync(DemoDirectory directory, DemoLog log, CancellationToken cancellation)
    {
        ClusterConfiguration configuration =
            ClusterConfigurationReader.Read(await File.ReadAllTextAsync(directory.ConfigurationFile, cancellation), ResourceTypeCatalog.BuiltIn).Configuration
            ?? throw new InvalidDataException($"{directory.ConfigurationFile} is no cluster's configuration");
        ScriptReport report = new(Console.Out);
        report.Write($"Quorate demo: a cluster of {configuration.Nodes.Length} nodes in this process; guards and agents are processes of their own.");
        report.Write($"Only what the agents wrote counts as seen ({directory.Witness}). Log: {directory.LogFile}");
        DemoScript script = new(directory, configuration, report);
        try
        {
            await using (DemoCluster cluster = await script.StartAsync(log, cancellation))
            {
                report.Happened(Containing(cluster));
                await script.PlayAsync(cluster, cancellation);
            }

            script.Judge();
            report.Write("");
            report.Write(string.Create(CultureInfo.InvariantCulture, $"OK: every step was observed, in {report.Elapsed.TotalSeconds:0.0} s."));
            return ExitCode.Done;
        }
        catch (StepNotObservedException missing)
        {
            report.Write("");
            report.Write($"The end of the log, {directory.LogFile}:");
            foreach (string line in log.Tail(LogLinesShown))
            {
                report.Write($"  {line}");
            }

            report.Write("");
            foreach (string violation in script.Violations())
            {
                report.Write($"TWO OWNERS: {violation}");
            }

            report.Write($"FAILED, {missing.Message}");
            return ExitCode.Refused;
        }
    }

    /// <summary>How firmly the guards hold what they run, and why.</summary>
    public static string Containing(DemoCluster cluster) => cluster.Nodes[0].Containment switch
    {
        null => "The guards are starting",
        "cgroup" => "The guards hold each service's processes together in a control group",
        _ => "The guards make no control groups here (that takes root): they find a service's processes by a mark in their environment instead",
    };

    private static void Leave(DemoDirectory directory, bool keeps)
    {
        if (keeps)
        {
            Console.Error.WriteLine($"quorate: kept {directory.Root}");
        }
        else if (!directory.TryRemove())
        {
            Console.Error.WriteLine($"quorate: something is still mounted below {directory.Root}, so it was left there");
        }
    }
}
