using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Executor;

/// <summary>
/// A real guard as the parent of its executor. The executor's process only carries the lines to this program and back, so that an
/// executor here can be killed by a real kill -9 and born again by a real guard.
/// </summary>
internal sealed class RelayedGuard : IAsyncDisposable
{
    private const int Executable = 0b111_101_101;

    private static readonly TimeSpan ExitTimeMax = TimeSpan.FromSeconds(15);

    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly GuardStart _start;
    private readonly string _relayId;
    private readonly Process _guard;
    private GuardClient? _client;

    public RelayedGuard(GuardStart start, Action<string> log)
    {
        _start = start;
        _listener.Start();
        Directory.CreateDirectory(start.StateDirectory);
        string relay = Path.Combine(start.StateDirectory, "..", "relay");
        _relayId = relay + ".pid";
        File.WriteAllText(relay, $"""
            #!/bin/bash
            exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)_listener.LocalEndpoint).Port}
            cat <&3 &
            echo $$ $! > {_relayId}
            exec cat >&3

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(relay, (UnixFileMode)Executable);
        }

        string[] arguments =
        [
            "--state", start.StateDirectory, "--node", start.Node.Value, .. start.AgentDirectories.SelectMany(directory => new[] { "--agents", directory }),
            "--watchdog", "none", "--stop-deadline", $"{start.StopDeadline.TotalMilliseconds:F0}", "--", relay,
        ];
        _guard = Process.Start(new ProcessStartInfo(start.Executable, arguments) { RedirectStandardError = true })!;
        _guard.ErrorDataReceived += (_, line) => log(line.Data ?? "");
        _guard.BeginErrorReadLine();
    }

    public int Id => _guard.Id;

    /// <summary>The connection of the executor that the guard started.</summary>
    public async Task<GuardClient> AcceptAsync(TimeSpan patience)
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        using CancellationTokenSource limit = new(patience);
        NetworkStream stream = new(await _listener.AcceptSocketAsync(limit.Token), ownsSocket: true);
        return _client = new GuardClient(stream, stream);
    }

    /// <summary>Sends a signal to the executor alone.</summary>
    public void SignalExecutor(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", .. File.ReadAllText(_relayId).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)]);
        kill.WaitForExit();
    }

    /// <summary>After the executor has left the guard exits; else it is killed with all it ran.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        using CancellationTokenSource limit = new(ExitTimeMax);
        try
        {
            await _guard.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _guard.Kill();
            await _guard.WaitForExitAsync(CancellationToken.None);
            using Process destroy = Process.Start(_start.Executable, ["--state", _start.StateDirectory, "--destroy"]);
            await destroy.WaitForExitAsync(CancellationToken.None);
        }

        _guard.Dispose();
        _listener.Dispose();
    }
}
