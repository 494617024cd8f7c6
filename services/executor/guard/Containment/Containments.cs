using Quorate.Executor.Guard.Journal;

namespace Quorate.Executor.Guard.Containment;

/// <summary>Chooses how processes are held together.</summary>
internal static class Containments
{
    /// <summary>Cgroups where they can be had, else process marks, as <paramref name="wanted"/> allows.</summary>
    /// <exception cref="StateDirectoryException">Cgroups are demanded and cannot be had.</exception>
    public static IContainment Choose(string wanted, string guardId, string stateDirectory, Log log)
    {
        if (wanted == "processes")
        {
            return new ProcessContainment(guardId);
        }

        if (CgroupContainment.TryCreate(guardId, stateDirectory, out string problem) is { } cgroups)
        {
            return cgroups;
        }

        if (wanted == "cgroup")
        {
            throw new StateDirectoryException($"--containment cgroup, but none can be made: {problem}");
        }

        log.NoCgroup(problem);
        return new ProcessContainment(guardId);
    }
}
