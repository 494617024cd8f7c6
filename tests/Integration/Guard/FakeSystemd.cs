using System.Collections.Concurrent;
using System.Diagnostics;

namespace Quorate.Tests.Integration.Guard;

/// <summary>A systemd that runs nothing, on a bus of its own (fake_systemd.py says how), and what leads the machine's own systemctl to it.</summary>
internal sealed class FakeSystemd : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3"; // Debian's, which alone sees Debian's modules

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();

    private FakeSystemd(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>Its bus, as <c>DBUS_SYSTEM_BUS_ADDRESS</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>
    /// The body of an agent <c>systemctl</c>. As root it would prefer the private socket of the machine's own systemd, and without /run/systemd/system it
    /// takes the machine for one without systemd: so it gets a /run of its own.
    /// </summary>
    public string Systemctl => $$"""
        export DBUS_SYSTEM_BUS_ADDRESS='{{Address}}'
        exec unshare --mount -- /bin/sh -c 'mount -t tmpfs none /run && mkdir -p /run/systemd/system && exec /usr/bin/systemctl "$@"' systemctl "$@"
        """;

    public static async Task<FakeSystemd> StartAsync()
    {
        ProcessStartInfo start = new(Python, [Path.Combine(AppContext.BaseDirectory, "Guard", "fake_systemd.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        FakeSystemd systemd = new(Process.Start(start) ?? throw new InvalidOperationException($"{Python} was not started"));
        try
        {
            systemd.Address = await systemd.ReadAsync();
            return systemd;
        }
        catch
        {
            await systemd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts a unit into a state, and ends the job that waits for it.</summary>
    /// <param name="unit">Its name with its suffix; it is there from now on.</param>
    /// <param name="activeState">As systemd says it.</param>
    /// <param name="tasks">Null where systemd does not count, or has nothing left to count.</param>
    public Task SetAsync(string unit, string activeState, int? tasks = null) => OrderAsync($"state {unit} {activeState} {tasks?.ToString(provider: null) ?? "-"}");

    /// <summary>A stop of it ends only with the next <see cref="SetAsync"/>.</summary>
    public Task HoldStopAsync(string unit) => OrderAsync($"hold {unit}");

    /// <summary>It and its bus end with its input; by force where they do not.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(GuardedNode.Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }
        finally
        {
            _process.Dispose();
        }
    }

    private async Task OrderAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        Assert.Equal("ok", await ReadAsync());
    }

    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(GuardedNode.Patience)
            ?? throw new InvalidOperationException($"the systemd of this test ended: {string.Join(' ', _errors)}");
}
