using System.Collections;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Native;
using Quorate.Executor.Guard.Session;

namespace Quorate.Executor.Guard;

/// <summary>Keeps one executor running as a child: started again after a crash with the same incarnation, with a growing pause.</summary>
internal sealed class ExecutorProcess(GuardOptions options, Log log, Guard guard, IContainment containment, Children children)
{
    private const int StandardError = 2;

    private static readonly TimeSpan BackOffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(5);

    /// <summary>An executor that lived this long is started again without a long pause.</summary>
    private static readonly TimeSpan HealthyLife = TimeSpan.FromSeconds(10);

    /// <summary>How long an executor whose incarnation ended may take to exit by itself.</summary>
    private static readonly TimeSpan ExitTimeMax = TimeSpan.FromSeconds(2);

    /// <summary>The same for one that says goodbye, because this guard leaves.</summary>
    private static readonly TimeSpan GoodbyeTimeMax = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan KillTimeMax = TimeSpan.FromSeconds(2);

    private Child? _child;

    /// <summary>Kills the executor at once, stopped or hung as it may be.</summary>
    public void Kill()
    {
        if (Volatile.Read(ref _child) is { } child)
        {
            children.Kill(child);
        }
    }

    /// <summary>Starts executors until the guard has left.</summary>
    public async Task KeepAsync()
    {
        TimeSpan backOff = BackOffMin;
        while (true)
        {
            await guard.Ending;
            if (guard.Left.IsCompleted)
            {
                return;
            }

            long started = BootClock.NowMilliseconds();
            string how = await RunOneAsync();
            await guard.Ending;
            if (guard.Left.IsCompleted)
            {
                return;
            }

            bool wasHealthy = BootClock.NowMilliseconds() - started > HealthyLife.TotalMilliseconds;
            backOff = wasHealthy ? BackOffMin : backOff;
            log.ExecutorGone(how, backOff);
            await Task.WhenAny(Task.Delay(backOff), guard.Left);
            backOff = backOff * 2 < BackOffMax ? backOff * 2 : BackOffMax;
        }
    }

    private async Task<string> RunOneAsync()
    {
        (Child Child, ExecutorSession Session) started;
        try
        {
            started = Start();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.ExecutorUnstartable(failure.Message);
            return failure.Message;
        }

        Volatile.Write(ref _child, started.Child);
        log.ExecutorStarted(started.Child.Id);
        Task incarnationOver = guard.Attach(started.Session);
        await Task.WhenAny(started.Child.Exited, started.Session.Closed, AfterAsync(incarnationOver));
        if (guard.Left.IsCompleted)
        {
            // It closes its line a moment before it exits.
            await Task.WhenAny(started.Child.Exited, Task.Delay(ExitTimeMax));
        }

        await guard.DetachAsync(started.Session);
        children.Kill(started.Child);
        await containment.KillAsync(ContainedGroup.Executor, KillTimeMax);
        return started.Child.Exited.IsCompletedSuccessfully ? (await started.Child.Exited).ToString()
            : started.Session.Closed.IsCompletedSuccessfully ? await started.Session.Closed : "killed";
    }

    /// <summary>Completes a while after the incarnation ended: this executor belongs to it, and shall exit by itself.</summary>
    private async Task AfterAsync(Task incarnationOver)
    {
        await incarnationOver;
        await Task.Delay(guard.IsLeaving ? GoodbyeTimeMax : ExitTimeMax);
    }

    private (Child Child, ExecutorSession Session) Start()
    {
        PipePair toExecutor = PipePair.Create(isReadNonBlocking: false);
        PipePair fromExecutor = PipePair.Create(isReadNonBlocking: false);
        try
        {
            List<string> environment = [containment.Mark(ContainedGroup.Executor)];
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                if (variable.Key is not ProcessMark.Variable)
                {
                    environment.Add($"{variable.Key}={variable.Value}");
                }
            }

            string[] arguments = containment.Open(ContainedGroup.Executor) is { } entrance
                ? ["/bin/sh", "-c", "echo 0 >\"$1\" || exit 125; shift; exec \"$@\"", "quorate-run", entrance, .. options.Executor]
                : [.. options.Executor];
            Child child = children.Spawn(arguments, environment, toExecutor.ReadEnd, fromExecutor.WriteEnd, StandardError);
            return (child, new ExecutorSession(fromExecutor.ReadEnd, toExecutor.WriteEnd));
        }
        finally
        {
            _ = Libc.Close(toExecutor.ReadEnd);
            _ = Libc.Close(fromExecutor.WriteEnd);
        }
    }
}
