namespace Quorate.Executor.Guard.Native;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Null where a signal ended it.</param>
/// <param name="Signal">Null where it exited.</param>
internal readonly record struct ChildExit(int? ExitCode, int? Signal)
{
    /// <summary>Reads the status word of waitpid.</summary>
    public static ChildExit FromStatus(int status) =>
        (status & 0x7f) == 0 ? new((status >> 8) & 0xff, null) : new(null, status & 0x7f);

    public override string ToString() => ExitCode is { } code ? $"exit code {code}" : $"signal {Signal}";
}
