using Quorate.Contracts;

namespace Quorate.Executor.Service.Guard;

/// <summary>What a guard in serve mode is started with.</summary>
public sealed record GuardStart
{
    /// <summary>The path of <c>quorate-guard</c>; <see cref="BesideThisProgram"/> where it is built with this program.</summary>
    public required string Executable { get; init; }

    /// <summary>The directory of its journal, one for each node.</summary>
    public required string StateDirectory { get; init; }

    public required NodeName Node { get; init; }

    /// <summary>Where agents are looked up, in order; empty for the guard's own default.</summary>
    public IReadOnlyList<string> AgentDirectories { get; init; } = [];

    /// <summary>At least 500 ms.</summary>
    public required TimeSpan StopDeadline { get; init; }

    /// <summary>How the guard holds processes together, as its option <c>--containment</c>.</summary>
    public string Containment { get; init; } = "auto";

    /// <summary>Finds <c>quorate-guard</c> beside this program, or where the same build put it; null when it is in neither place.</summary>
    public static string? BesideThisProgram()
    {
        const string Name = "quorate-guard";
        string beside = Path.Combine(AppContext.BaseDirectory, Name);
        if (File.Exists(beside))
        {
            return beside;
        }

        string output = Path.Combine("services", "executor", "guard", "bin", "Release", "net10.0", Name);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, output)))
            {
                return Path.Combine(folder.FullName, output);
            }
        }

        return null;
    }
}
