using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Quorate.Executor.Guard.Native;

/// <summary>
/// Reads the output of all agents in one thread. A daemon that an agent leaves behind keeps the agent's pipes: they stay open and
/// are emptied, so that the daemon neither blocks on a full pipe nor dies by SIGPIPE.
/// </summary>
internal sealed unsafe class OutputPump
{
    private const int SinksMax = 4096;
    private const int ReadBytes = 64 * 1024;
    private const int ReadsAtTakeMax = 64;

    private readonly int _wake;
    private readonly ConcurrentQueue<OutputSink> _added = new();
    private readonly ConcurrentQueue<OutputSink> _taken = new();
    private readonly List<OutputSink> _sinks = [];
    private readonly byte[] _buffer = new byte[ReadBytes];

    public OutputPump()
    {
        _wake = Libc.EventCreate(0, Libc.OpenCloseOnExec | Libc.OpenNonBlocking);
        if (_wake < 0)
        {
            throw Libc.Failure("eventfd");
        }

        new Thread(Pump) { IsBackground = true, Name = "output" }.Start();
    }

    /// <summary>Begins to read a pipe; the pump owns and closes it.</summary>
    public OutputSink Add(int descriptor)
    {
        OutputSink sink = new(descriptor);
        _added.Enqueue(sink);
        Wake();
        return sink;
    }

    /// <summary>Waits until what was written so far is in the sink, and lets the pipe run dry from then on.</summary>
    public Task TakeAsync(OutputSink sink)
    {
        _taken.Enqueue(sink);
        Wake();
        return sink.Taken.Task;
    }

    private void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    private void Pump()
    {
        while (true)
        {
            Libc.PollEntry[] entries = new Libc.PollEntry[_sinks.Count + 1];
            entries[0] = new Libc.PollEntry { Descriptor = _wake, Events = Libc.PollIn };
            for (int index = 0; index < _sinks.Count; index++)
            {
                entries[index + 1] = new Libc.PollEntry { Descriptor = _sinks[index].Descriptor, Events = Libc.PollIn };
            }

            fixed (Libc.PollEntry* first = entries)
            {
                if (Libc.Poll(first, (nuint)entries.Length, -1) < 0)
                {
                    continue;
                }
            }

            for (int index = _sinks.Count - 1; index >= 0; index--)
            {
                if (entries[index + 1].Happened != 0 && !ReadOnce(_sinks[index]))
                {
                    Close(_sinks[index]);
                }
            }

            ulong times;
            _ = Libc.Read(_wake, &times, sizeof(ulong));
            TakeIn();
        }
    }

    private void TakeIn()
    {
        while (_added.TryDequeue(out OutputSink? sink))
        {
            _sinks.Add(sink);
            if (_sinks.Count > SinksMax && _sinks.Find(old => old.IsDiscarding) is { } oldest)
            {
                Close(oldest);
            }
        }

        while (_taken.TryDequeue(out OutputSink? sink))
        {
            bool isOpen = _sinks.Contains(sink);
            for (int reads = 0; isOpen && reads < ReadsAtTakeMax && HasMore(sink); reads++)
            {
                isOpen = ReadOnce(sink);
            }

            if (!isOpen && _sinks.Contains(sink))
            {
                Close(sink);
            }

            sink.IsDiscarding = true;
            sink.Taken.TrySetResult();
        }
    }

    private static bool HasMore(OutputSink sink)
    {
        Libc.PollEntry entry = new() { Descriptor = sink.Descriptor, Events = Libc.PollIn };
        return Libc.Poll(&entry, 1, 0) > 0;
    }

    /// <summary>False at the end of the pipe.</summary>
    private bool ReadOnce(OutputSink sink)
    {
        fixed (byte* buffer = _buffer)
        {
            nint read = Libc.Read(sink.Descriptor, buffer, ReadBytes);
            if (read > 0)
            {
                sink.Add(_buffer.AsSpan(0, (int)read));
                return true;
            }

            return read < 0 && Marshal.GetLastPInvokeError() is Libc.ErrorAgain or Libc.ErrorInterrupted;
        }
    }

    private void Close(OutputSink sink)
    {
        _sinks.Remove(sink);
        _ = Libc.Close(sink.Descriptor);
    }
}
