using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Service.Guard;
using Quorate.Model.Resources;

namespace Quorate.Tests.Integration.Guard;

/// <summary>A real guard over a temporary directory, with agents of shell; it leaves no process, cgroup or file behind.</summary>
internal sealed class GuardedNode
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Executable = 0b111_101_101;

    public GuardedNode()
    {
        Root = Directory.CreateTempSubdirectory("quorate-guard-").FullName;
        Directory.CreateDirectory(AgentDirectory);
        // A daemon that left its parent, its session and its group; it is down when its process is.
        Agent("daemon", """
            pid="$OCF_RESKEY_dir/$OCF_RESKEY_name.pid"
            echo "$1 $OCF_RESKEY_name" >> "$OCF_RESKEY_dir/log"
            case $1 in
            start) (setsid sh -c 'echo $$ > "$0"; exec sleep 1000' "$pid" &) ; while [ ! -s "$pid" ]; do :; done ;;
            stop) [ -n "$OCF_RESKEY_stubborn" ] || { kill -9 $(cat "$pid" 2>/dev/null) 2>/dev/null; rm -f "$pid"; } ; exit 0 ;;
            monitor) kill -0 $(cat "$pid" 2>/dev/null || echo none) 2>/dev/null && exit 0 ; exit 7 ;;
            esac
            """);
    }

    public string Root { get; }

    /// <summary>As the guard's option.</summary>
    public string Containment { get; init; } = "auto";

    public string AgentDirectory => Path.Combine(Root, "agents");

    public string StateDirectory => Path.Combine(Root, "state");

    public ConcurrentQueue<string> Log { get; } = new();

    public static string GuardFile => GuardStart.BesideThisProgram() ?? throw new InvalidOperationException("quorate-guard is not built");

    public static ServiceName Web => new("service:web");

    /// <summary>The lines agents wrote, in order.</summary>
    public string[] Written => File.Exists(Path.Combine(Root, "log")) ? File.ReadAllLines(Path.Combine(Root, "log")) : [];

    public void Agent(string type, string body)
    {
        string file = Path.Combine(AgentDirectory, type);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)Executable);
        }
    }

    public GuardProcess Serve(int stopDeadlineMilliseconds = 10_000) => GuardProcess.Start(
        new GuardStart
        {
            Executable = GuardFile,
            StateDirectory = StateDirectory,
            Node = new NodeName("n1"),
            AgentDirectories = [AgentDirectory],
            StopDeadline = TimeSpan.FromMilliseconds(stopDeadlineMilliseconds),
            Containment = Containment,
        },
        Log.Enqueue);

    public AgentInvocation Run(string type, string action, string name = "a", int timeoutMilliseconds = 20_000, string more = "") => new()
    {
        Class = AgentClass.Ocf,
        Provider = "quorate",
        Type = type,
        Action = action,
        Resource = $"{type}:{name}",
        TimeoutMilliseconds = timeoutMilliseconds,
        Environment = ImmutableSortedDictionary<string, string>.Empty
            .Add("OCF_RESKEY_dir", Root).Add("OCF_RESKEY_name", name).Add("OCF_RESKEY_stubborn", more),
    };

    public GuardRequest.Begin Start(long epoch, string type = "daemon", string more = "") => new()
    {
        Id = 0,
        Incarnation = new Incarnation("-"),
        Service = Web,
        Epoch = epoch,
        Action = NodeAction.Start,
        ConfigurationDigest = "d",
        ConfigurationVersion = 1,
        Stop = [Run(type, "stop", more: more)],
        Monitor = [Run(type, "monitor", more: more)],
    };

    /// <summary>Leases for that long, begins and runs a start of the daemon; its process id.</summary>
    public async Task<int> StartDaemonAsync(GuardClient client, long leaseMilliseconds, string more = "")
    {
        client.SetLease(BootMilliseconds() + leaseMilliseconds);
        await client.BeginAsync(Start(1, more: more), CancellationToken.None);
        AgentResult result = await client.RunAsync(Web, Run("daemon", "start", more: more), CancellationToken.None);
        Assert.True(result.IsSuccess, result.ToString());
        return DaemonId();
    }

    public int DaemonId() => int.Parse(File.ReadAllText(Path.Combine(Root, "a.pid")), null);

    /// <summary>As <see cref="DaemonId"/>; 0 once its stop removed the file.</summary>
    public int DaemonIdOrNone() => File.Exists(Path.Combine(Root, "a.pid")) ? DaemonId() : 0;

    /// <summary>True for a process that is neither gone nor a zombie.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>/proc/uptime counts as CLOCK_BOOTTIME does.</summary>
    public static long BootMilliseconds() =>
        (long)(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * 1000);

    /// <summary>Waits a bounded time for what other processes do.</summary>
    public static async Task UntilAsync(Func<bool> isTrue, string what)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        long started = Stopwatch.GetTimestamp();
        while (!isTrue())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"not within {Patience}: {what}");
            await timer.WaitForNextTickAsync();
        }
    }

    public async Task DestroyAsync()
    {
        using Process destroy = Process.Start(GuardFile, ["--state", StateDirectory, "--destroy"]);
        await destroy.WaitForExitAsync();
    }

    public async Task RemoveAsync()
    {
        await DestroyAsync();
        Directory.Delete(Root, recursive: true);
    }
}
