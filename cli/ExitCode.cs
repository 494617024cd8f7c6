namespace Quorate.Cli;

/// <summary>What the process tells the shell that started it. <c>validate</c> has its own four.</summary>
internal static class ExitCode
{
    /// <summary>Done, or already so.</summary>
    public const int Done = 0;

    /// <summary>The cluster refused it, or it failed.</summary>
    public const int Refused = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Nobody answered, or not in time; what became of it is unknown.</summary>
    public const int NoAnswer = 3;

    /// <summary>A tool of the original was ended with Ctrl-C: 128 and the number of the signal.</summary>
    public const int Interrupted = 130;
}
