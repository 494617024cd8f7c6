using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Native;
using Quorate.Model.Resources;

namespace Quorate.Executor.Guard.Agents;

/// <summary>Runs one agent: contained, bounded in time and output, with an environment of its own.</summary>
internal sealed class AgentRunner(AgentLookup lookup, IContainment containment, Children children, OutputPump pump, string temporaryDirectory)
{
    /// <summary>How long a killed agent may take to be gone; longer only in uninterruptible sleep.</summary>
    private static readonly TimeSpan KillTimeMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Enters the cgroup and becomes the agent. All values are arguments, none is part of the text, so that nothing in them is
    /// ever read as shell. It is 125 when the cgroup cannot be entered, 126 or 127 when the agent cannot be executed: then it has not run.
    /// </summary>
    private const string EnterAndBecome = "echo 0 >\"$1\" || exit 125; shift; exec \"$@\"";

    private const string EntranceName = "quorate-run";
    private const int CannotEnterExitCode = 125;
    private const int CannotExecuteExitCode = 127;
    private const string ExitReasonPrefix = "ocf-exit-reason:";
    private const string VariablePrefix = "OCF_";

    private readonly int _noInput = Libc.Open("/dev/null", Libc.OpenReadWrite | Libc.OpenCloseOnExec);
    private long _runs;

    /// <summary>The agent's file; null, with the reason, where it cannot run.</summary>
    public string? Find(AgentInvocation invocation, out string problem) => lookup.Find(invocation, out problem);

    /// <summary>What is wrong with a request to run; null where nothing is.</summary>
    public static string? Refusal(AgentInvocation invocation)
    {
        if (invocation.TimeoutMilliseconds is < 1 or > AgentTimeouts.CeilingMilliseconds)
        {
            return $"a timeout of {invocation.TimeoutMilliseconds} ms is outside 1 to {AgentTimeouts.CeilingMilliseconds}";
        }

        if (invocation.Action.Length == 0 || !invocation.Action.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            return $"'{invocation.Action}' is no action";
        }

        if (invocation.Argument?.Contains('\0') == true)
        {
            return "an argument holds a NUL";
        }

        foreach ((string name, string value) in invocation.Environment)
        {
            if (!name.StartsWith(VariablePrefix, StringComparison.Ordinal) || name.Contains('=') || name.Contains('\0') || value.Contains('\0'))
            {
                return $"'{name}' cannot be passed to an agent: only OCF_ variables without NUL are";
            }
        }

        return null;
    }

    /// <summary>Runs the agent to its end.</summary>
    /// <param name="service">In whose group it runs.</param>
    /// <param name="invocation">What to run.</param>
    /// <param name="limit">The bound; the invocation's own where that is shorter.</param>
    /// <param name="cancellation">Kills the run.</param>
    /// <param name="killLimit">How long a killed run is waited for; at most 5 s, which is also the default.</param>
    public async Task<AgentResult> RunAsync(
        ServiceName service, AgentInvocation invocation, TimeSpan limit, CancellationToken cancellation, TimeSpan? killLimit = null)
    {
        if (lookup.Find(invocation, out string problem) is not { } file)
        {
            return new AgentResult { End = AgentEnd.Missing, ExitCode = (int)OcfExitCode.NotInstalled, Reason = problem };
        }

        if (cancellation.IsCancellationRequested)
        {
            return new AgentResult { End = AgentEnd.Cancelled, Reason = "cancelled before it began" };
        }

        ContainedGroup group = ContainedGroup.Of(service).Run(Interlocked.Increment(ref _runs));
        long started = Stopwatch.GetTimestamp();
        Started run;
        try
        {
            run = Start(group, file, invocation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new AgentResult { End = AgentEnd.NotStarted, Reason = failure.Message };
        }

        TimeSpan bound = TimeSpan.FromMilliseconds(Math.Min(invocation.TimeoutMilliseconds, limit.TotalMilliseconds));
        AgentEnd? killed = await WaitAsync(run, group, bound, killLimit < KillTimeMax ? killLimit.Value : KillTimeMax, cancellation);
        await Task.WhenAll(pump.TakeAsync(run.Output), pump.TakeAsync(run.Errors));
        containment.DiscardIfEmpty(group);
        return ToResult(run, killed, bound, Stopwatch.GetElapsedTime(started));
    }

    private Started Start(ContainedGroup group, string file, AgentInvocation invocation)
    {
        string? entrance = containment.Open(group);
        string[] agent = invocation.Class == AgentClass.Systemd ? [file, .. SystemdUnit.Arguments(invocation.Action, invocation.Type)]
            : invocation.Argument is { } argument ? [file, invocation.Action, argument] : [file, invocation.Action];
        string[] arguments = entrance is null ? agent : ["/bin/sh", "-c", EnterAndBecome, EntranceName, entrance, .. agent];
        PipePair output = PipePair.Create(isReadNonBlocking: true);
        PipePair errors = PipePair.Create(isReadNonBlocking: true);
        OutputSink outputSink = pump.Add(output.ReadEnd);
        OutputSink errorSink = pump.Add(errors.ReadEnd);
        try
        {
            Child child = children.Spawn(arguments, EnvironmentOf(group, file, invocation), _noInput, output.WriteEnd, errors.WriteEnd);
            return new Started(child, outputSink, errorSink);
        }
        finally
        {
            _ = Libc.Close(output.WriteEnd);
            _ = Libc.Close(errors.WriteEnd);
        }
    }

    private List<string> EnvironmentOf(ContainedGroup group, string file, AgentInvocation invocation)
    {
        List<string> environment =
        [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL=C",
            "HOME=/",
            "HA_logfacility=none",
            "HA_debug=0",
            $"HA_RSCTMP={temporaryDirectory}",
            $"OCF_ROOT={RootOf(file)}",
            containment.Mark(group),
        ];
        if (invocation.Class == AgentClass.Lsb)
        {
            // Debian's init scripts else hand over to systemd, outside this service's group.
            environment.Add("SYSTEMCTL_SKIP_REDIRECT=1");
        }

        environment.AddRange(invocation.Environment.Where(variable => variable.Key != "OCF_ROOT").Select(variable => $"{variable.Key}={variable.Value}"));
        return environment;
    }

    /// <summary>The directory above <c>resource.d</c> where it also has the shell functions, else the usual one.</summary>
    private static string RootOf(string file)
    {
        int position = file.IndexOf("/resource.d/", StringComparison.Ordinal);
        string root = position > 0 ? file[..position] : AgentLookup.DefaultDirectory;
        return Directory.Exists(Path.Combine(root, "lib")) ? root : AgentLookup.DefaultDirectory;
    }

    /// <summary>Waits for the end, by itself or by force; null where it ended by itself.</summary>
    private async Task<AgentEnd?> WaitAsync(Started run, ContainedGroup group, TimeSpan bound, TimeSpan killLimit, CancellationToken cancellation)
    {
        try
        {
            await run.Child.Exited.WaitAsync(bound, cancellation);
            return null;
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            children.Kill(run.Child);
            Task gone = Task.WhenAll(containment.KillAsync(group, killLimit), run.Child.Exited);
            await Task.WhenAny(gone, Task.Delay(killLimit, CancellationToken.None));
            return over is TimeoutException ? AgentEnd.TimedOut : AgentEnd.Cancelled;
        }
    }

    private static AgentResult ToResult(Started run, AgentEnd? killed, TimeSpan bound, TimeSpan duration)
    {
        ChildExit? exit = run.Child.Exit;

        // An exit code of the shell before it became the agent says nothing about the resource.
        bool hasNotBegun = exit is { ExitCode: >= CannotEnterExitCode and <= CannotExecuteExitCode }
            && run.Errors.Text.StartsWith($"{EntranceName}:", StringComparison.Ordinal);
        AgentEnd end = killed ?? (hasNotBegun ? AgentEnd.NotStarted : exit is { Signal: not null } ? AgentEnd.Signalled : AgentEnd.Exited);
        string errors = run.Errors.Text;
        string reason = end switch
        {
            AgentEnd.TimedOut when exit is null => $"killed after {bound.TotalMilliseconds:F0} ms, but not gone: it hangs in the kernel",
            AgentEnd.TimedOut => $"no end after {bound.TotalMilliseconds:F0} ms; killed with all it forked",
            AgentEnd.NotStarted => errors.Trim(),
            _ when ExitReason(run.Errors.Tail) is { Length: > 0 } last => last,
            _ => ExitReason(errors),
        };
        return new AgentResult
        {
            End = end,
            ExitCode = end == AgentEnd.Exited ? exit?.ExitCode : null,
            Signal = end == AgentEnd.Signalled ? exit?.Signal : null,
            Reason = reason,
            Output = run.Output.Text,
            Errors = errors,
            DroppedBytes = run.Output.Dropped + run.Errors.Dropped,
            DurationMilliseconds = (long)duration.TotalMilliseconds,
        };
    }

    private static string ExitReason(string errors)
    {
        int start = errors.LastIndexOf(ExitReasonPrefix, StringComparison.Ordinal);
        return start < 0 ? "" : errors[(start + ExitReasonPrefix.Length)..].Split('\n')[0].Trim();
    }

    private sealed record Started(Child Child, OutputSink Output, OutputSink Errors);
}
