using System.Buffers;
using System.Text;

namespace Quorate.Executor.Guard.Native;

/// <summary>What one pipe of an agent gave, up to a bound. Touched by the pump's thread only, until it is taken.</summary>
internal sealed class OutputSink(int descriptor)
{
    /// <summary>How much is kept of each stream; the rest is counted and dropped.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>How much of the end is kept beside it: an agent says last why it failed, however much it said before.</summary>
    private const int TailBytesMax = 4 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private byte[] _tail = [];

    public int Descriptor { get; } = descriptor;

    /// <summary>Bytes beyond the bound.</summary>
    public long Dropped { get; private set; }

    /// <summary>Completed by the pump once all that was written before the take is in.</summary>
    public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once the agent ended: what still comes is from a daemon it left, and is thrown away.</summary>
    public bool IsDiscarding { get; set; }

    public string Text => Encoding.UTF8.GetString(_kept.WrittenSpan);

    /// <summary>The last of what did not fit; empty where all did.</summary>
    public string Tail => Encoding.UTF8.GetString(_tail);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (IsDiscarding)
        {
            return;
        }

        int room = BytesMax - _kept.WrittenCount;
        int kept = Math.Min(room, bytes.Length);
        _kept.Write(bytes[..kept]);
        Dropped += bytes.Length - kept;
        ReadOnlySpan<byte> dropped = bytes[kept..];
        if (!dropped.IsEmpty)
        {
            // What came last, of before and now together.
            int before = Math.Clamp(TailBytesMax - dropped.Length, 0, _tail.Length);
            _tail = [.. _tail.AsSpan(_tail.Length - before), .. dropped[Math.Max(0, dropped.Length - TailBytesMax)..]];
        }
    }
}
