using System.Diagnostics;
using System.Net.Sockets;

namespace Quorate.Tests.Integration.Engines;

/// <summary>
/// A server that lives as long as this process, however this one ends: a shell holds the other end of a pipe and runs the stop
/// command when the pipe closes.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _keeper;
    private readonly string _log;

    private ServerProcess(Process keeper, string log)
    {
        _keeper = keeper;
        _log = log;
    }

    /// <summary>Starts a server.</summary>
    /// <param name="directory">Where its log goes.</param>
    /// <param name="start">Shell text that runs it in the foreground.</param>
    /// <param name="stop">Shell text that stops it; <c>$server</c> is the process id of <paramref name="start"/>.</param>
    /// <param name="environment">Added to ours.</param>
    public static ServerProcess Start(string directory, string start, string stop, IReadOnlyDictionary<string, string> environment)
    {
        string log = Path.Combine(directory, "server.log");
        ProcessStartInfo info = new("/bin/bash") { RedirectStandardInput = true, WorkingDirectory = directory };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add($"( exec {start} ) >{log} 2>&1 </dev/null & server=$!; cat >/dev/null; {stop}; wait $server");
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }
        return new ServerProcess(Process.Start(info) ?? throw new InvalidOperationException("bash did not start"), log);
    }

    /// <summary>Runs a command to its end; a failure throws with what it printed.</summary>
    public static async Task RunAsync(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        }) ?? throw new InvalidOperationException($"{file} did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} failed: {await output}{await errors}");
        }
    }

    /// <summary>Waits until something listens.</summary>
    public async Task ListensAsync(int port, TimeSpan longest)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(begun) < longest && !_keeper.HasExited)
            {
                await Task.Delay(ProbeInterval);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"no server on port {port}: {(File.Exists(_log) ? await File.ReadAllTextAsync(_log) : "no log")}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync().WaitAsync(StopWait);
        _keeper.Dispose();
    }
}
