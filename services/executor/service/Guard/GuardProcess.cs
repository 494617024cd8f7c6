using System.Diagnostics;
using System.Globalization;

namespace Quorate.Executor.Service.Guard;

/// <summary>A guard started as a child of this process in serve mode, for a host that carries several nodes (the demo) and for tests.</summary>
public sealed class GuardProcess : IAsyncDisposable
{
    private static readonly TimeSpan ExitTimeMax = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private GuardProcess(Process process)
    {
        _process = process;
        Client = new GuardClient(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
    }

    /// <summary>The connection to it; not started yet.</summary>
    public GuardClient Client { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a guard. Its log lines go to <paramref name="log"/>, or to this process's standard error.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="log">Called with each line, from any thread.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The file cannot be run.</exception>
    public static GuardProcess Start(GuardStart start, Action<string>? log = null)
    {
        ProcessStartInfo command = new(start.Executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = log is not null,
        };
        foreach (string argument in ArgumentsOf(start))
        {
            command.ArgumentList.Add(argument);
        }

        Process process = Process.Start(command) ?? throw new InvalidOperationException($"{start.Executable} was not started");
        if (log is not null)
        {
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is { } text)
                {
                    log(text);
                }
            };
            process.BeginErrorReadLine();
        }

        return new GuardProcess(process);
    }

    /// <summary>Waits until it has exited; its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>
    /// SIGKILL to the guard alone, as a crash would. What it ran stays, until a new guard of the same state directory stops it. Returns
    /// when it is dead: until then it holds that directory, and the next one is refused.
    /// </summary>
    /// <exception cref="TimeoutException">It is not dead after ten seconds.</exception>
    public void Kill()
    {
        _process.Kill();
        // With a bound, this does not wait for the ends of its pipes, which what it ran may still hold.
        if (!_process.WaitForExit(ExitTimeMax))
        {
            throw new TimeoutException($"the guard, process {Id}, does not end, SIGKILL notwithstanding");
        }
    }

    /// <summary>Closes the connection; the guard then stops what it runs and exits. Killed after ten seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        using (CancellationTokenSource limit = new(ExitTimeMax))
        {
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }

    private static IEnumerable<string> ArgumentsOf(GuardStart start)
    {
        yield return "--state";
        yield return start.StateDirectory;
        yield return "--node";
        yield return start.Node.Value;
        foreach (string directory in start.AgentDirectories)
        {
            yield return "--agents";
            yield return directory;
        }

        yield return "--stop-deadline";
        yield return ((long)start.StopDeadline.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        yield return "--containment";
        yield return start.Containment;
        yield return "--serve";
    }
}
