namespace Quorate.Executor.Guard.Containment;

/// <summary>
/// A variable in the environment of all that a guard starts. It outlives setsid, a double fork and the guard itself, so that
/// without cgroups a later guard still finds a daemon. A program that empties its own environment is found by its ancestry only,
/// so by a later guard not at all.
/// </summary>
internal static class ProcessMark
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "QUORATE_GROUP";

    public static string Of(string guardId, ContainedGroup group) => $"{Variable}={guardId}/{group.Path}";
}
