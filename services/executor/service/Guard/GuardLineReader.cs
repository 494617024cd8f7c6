using Quorate.Executor.Core.Guarding;

namespace Quorate.Executor.Service.Guard;

/// <summary>Reads lines of bounded length from a stream.</summary>
internal sealed class GuardLineReader(Stream stream)
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;

    /// <summary>The next line without its line feed, valid until the next call; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The line is longer than <see cref="GuardLine.BytesMax"/>.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        int scanned = _start;
        while (true)
        {
            int feed = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, scanned + feed - _start);
                _start = scanned + feed + 1;
                return line;
            }

            scanned = MakeRoom();
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    /// <summary>Moves the begun line to the front, grows the buffer where it is full; returns where unread bytes will begin.</summary>
    private int MakeRoom()
    {
        int held = _end - _start;
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, held);
            _start = 0;
            _end = held;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length > GuardLine.BytesMax)
            {
                throw new InvalidDataException($"a line of the guard is longer than {GuardLine.BytesMax} bytes");
            }

            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, GuardLine.BytesMax + 1));
        }

        return _end;
    }
}
