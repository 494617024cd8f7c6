namespace Quorate.Executor.Guard.Native;

/// <summary>A pipe whose ends are not inherited by accident.</summary>
/// <param name="ReadEnd">The descriptor to read from.</param>
/// <param name="WriteEnd">The descriptor to write to.</param>
internal readonly record struct PipePair(int ReadEnd, int WriteEnd)
{
    private const int SetStatusFlags = 4;

    /// <exception cref="IOException">No descriptor is left.</exception>
    public static unsafe PipePair Create(bool isReadNonBlocking)
    {
        int* ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.OpenCloseOnExec) != 0)
        {
            throw Libc.Failure("pipe2");
        }

        if (isReadNonBlocking && Libc.DescriptorControl(ends[0], SetStatusFlags, Libc.OpenNonBlocking) != 0)
        {
            throw Libc.Failure("fcntl(O_NONBLOCK)");
        }

        return new(ends[0], ends[1]);
    }
}
