using System.Runtime.InteropServices;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard.Session;

/// <summary>
/// The line to one executor: a thread that reads and one that writes, over two descriptors. Nothing here waits for the executor:
/// one that stops reading is given up once its queue is full.
/// </summary>
internal sealed class ExecutorSession
{
    private const int ReportsMax = 8192;
    private const int FirstBytes = 64 * 1024;

    private readonly int _input;
    private readonly int _output;
    private readonly BoundedQueue<byte[]> _reports = new(ReportsMax);
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _unwritten;

    /// <param name="input">Where the executor's lines come from; closed at the end.</param>
    /// <param name="output">Where ours go; closed at the end.</param>
    public ExecutorSession(int input, int output)
    {
        _input = input;
        _output = output;
    }

    /// <summary>Completes, with the reason, when the executor is gone or given up.</summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>Begins to read; each request comes on the reading thread, one after another.</summary>
    /// <param name="take">A request.</param>
    /// <param name="refuse">A line that is none: its id, or 0, and why.</param>
    public void Start(Action<GuardRequest> take, Action<long, string> refuse)
    {
        new Thread(() => ReadLines(take, refuse)) { IsBackground = true, Name = "requests" }.Start();
        new Thread(WriteLines) { IsBackground = true, Name = "reports" }.Start();
    }

    /// <summary>Queues a report; never waits.</summary>
    public void Send(GuardReport report)
    {
        if (_closed.Task.IsCompleted)
        {
            return;
        }

        // Counted first, so that a line is never written before it counts.
        Interlocked.Increment(ref _unwritten);
        if (!_reports.TryAdd(GuardLine.Write(report)))
        {
            Interlocked.Decrement(ref _unwritten);
            Close("it reads nothing any more");
        }
    }

    /// <summary>Gives the session up; the threads end with the streams.</summary>
    public void Close(string reason) => _closed.TrySetResult(reason);

    /// <summary>Waits a bounded time until what was queued is written: a line that was taken from the queue is not yet out.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (Interlocked.Read(ref _unwritten) > 0 && !_closed.Task.IsCompleted && Environment.TickCount64 < end)
        {
            // Asked again rather than signalled: it is called once in a guard's life, and never longer than its limit.
            await Task.Delay(1);
        }
    }

    private void ReadLines(Action<GuardRequest> take, Action<long, string> refuse)
    {
        byte[] buffer = new byte[FirstBytes];
        int held = 0;
        while (true)
        {
            if (held == buffer.Length)
            {
                if (buffer.Length > GuardLine.BytesMax)
                {
                    refuse(GuardLine.IdOf(buffer.AsSpan(0, held)), $"a line longer than {GuardLine.BytesMax} bytes");
                    Close("its line is too long");
                    break;
                }

                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, GuardLine.BytesMax + 1));
            }

            nint read = ReadSome(buffer.AsSpan(held));
            if (read <= 0)
            {
                Close("it closed its line");
                break;
            }

            held = TakeLines(buffer, held, held + (int)read, take, refuse);
        }

        _ = Libc.Close(_input);
    }

    /// <summary>Handles the whole lines, moves the rest to the front; returns its length.</summary>
    private int TakeLines(byte[] buffer, int scanned, int end, Action<GuardRequest> take, Action<long, string> refuse)
    {
        int start = 0;
        int feed;
        while ((feed = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n')) >= 0)
        {
            ReadOnlySpan<byte> line = buffer.AsSpan(start, scanned + feed - start);
            start = scanned = scanned + feed + 1;
            if (_closed.Task.IsCompleted)
            {
                continue;
            }

            if (GuardLine.ReadRequest(line, out string problem) is { } request)
            {
                take(request);
            }
            else
            {
                refuse(GuardLine.IdOf(line), $"unreadable line: {problem}");
            }
        }

        Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
        return end - start;
    }

    private unsafe nint ReadSome(Span<byte> room)
    {
        fixed (byte* first = room)
        {
            while (true)
            {
                nint read = Libc.Read(_input, first, (nuint)room.Length);
                if (read >= 0 || Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                {
                    return read;
                }
            }
        }
    }

    private unsafe void WriteLines()
    {
        while (_reports.TryTake(out byte[]? line))
        {
            fixed (byte* first = line)
            {
                for (nuint written = 0; written < (nuint)line.Length;)
                {
                    nint step = Libc.Write(_output, first + written, (nuint)line.Length - written);
                    if (step < 0 && Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                    {
                        Close("its end of the line is closed");
                        _ = Libc.Close(_output);
                        return;
                    }

                    written += (nuint)Math.Max(0, step);
                }
            }

            Interlocked.Decrement(ref _unwritten);
        }

        _ = Libc.Close(_output);
    }

    /// <summary>Lets the writing thread end once its queue is empty.</summary>
    public void EndWriting() => _reports.End();
}
