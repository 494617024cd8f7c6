using System.Net;
using System.Net.Sockets;

namespace Quorate.Tests.Integration.Stores;

/// <summary>A cable to a server that can be cut at the worst moment: after it took what was asked, before its answer arrives.</summary>
internal sealed class AnswerRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private int _cutsNextAnswer;

    public AnswerRelay(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next thing that the server says is swallowed, and both ends are closed.</summary>
    public void CutNextAnswer() => Interlocked.Exchange(ref _cutsNextAnswer, 1);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> cables = [];
        try
        {
            while (true)
            {
                cables.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(cables);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using TcpClient near = client;
        using TcpClient far = new();
        try
        {
            await far.ConnectAsync(_host, _port, _end.Token);
            // Whichever way ends first ends the other.
            await Task.WhenAny(CopyAsync(near, far, isAnswer: false), CopyAsync(far, near, isAnswer: true));
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException)
        {
            // The end that is left sees its connection closed.
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                if (isAnswer && Interlocked.Exchange(ref _cutsNextAnswer, 0) == 1)
                {
                    return;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One end went away.
        }
    }
}
