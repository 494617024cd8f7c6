using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Quorate.Tests.Integration.Engines;

/// <summary>A connection to a server that a test can cut: a port of its own, behind which the server is there or not.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly ConcurrentDictionary<TcpClient, byte> _ends = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private volatile bool _isCut;
    private volatile TaskCompletionSource? _stalled;

    private Wire(string host, int port)
    {
        _host = host;
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>A wire to the broker of an amqp address.</summary>
    public static Wire To(Uri address) => new(address.Host, address.Port);

    /// <summary>The address with this wire in between.</summary>
    public string Through(Uri address) => new UriBuilder(address) { Host = "127.0.0.1", Port = Port }.Uri.AbsoluteUri;

    /// <summary>As when the server is killed: what is open breaks, and nothing new gets through.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (TcpClient end in _ends.Keys)
        {
            end.Close();
        }
        _stalled?.TrySetResult();
        _stalled = null;
    }

    /// <summary>As when the server hangs: all is open, and nothing comes through.</summary>
    public void Stall() => _stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The server is there again.</summary>
    public void Heal()
    {
        _isCut = false;
        _stalled?.TrySetResult();
        _stalled = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> carrying = [];
        while (!_stop.IsCancellationRequested)
        {
            TcpClient near = await _listener.AcceptTcpClientAsync(_stop.Token);
            if (_isCut)
            {
                near.Close();
                continue;
            }
            carrying.RemoveAll(static task => task.IsCompleted);
            carrying.Add(CarryAsync(near));
        }
        await Task.WhenAll(carrying);
    }

    private async Task CarryAsync(TcpClient near)
    {
        using TcpClient far = new();
        using TcpClient kept = near;
        try
        {
            _ends[near] = 0;
            _ends[far] = 0;
            await far.ConnectAsync(_host, _port);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or ended by one side.
        }
        finally
        {
            _ends.TryRemove(near, out _);
            _ends.TryRemove(far, out _);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var count and > 0)
            {
                if (_stalled is { } stalled)
                {
                    await stalled.Task;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or ended by one side.
        }
    }
}
