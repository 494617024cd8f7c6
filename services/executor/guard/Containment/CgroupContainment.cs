using System.Diagnostics;
using System.Globalization;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard.Containment;

/// <summary>Groups as cgroups of the unified hierarchy; no controller is used, only <c>cgroup.kill</c> and <c>cgroup.events</c>.</summary>
internal sealed class CgroupContainment : IContainment
{
    private const string ProcessesFile = "cgroup.procs";
    private const string KillFile = "cgroup.kill";
    private const string EventsFile = "cgroup.events";
    private const string SystemMounts = "/sys/fs/cgroup";
    private const int UnmountDetach = 2;
    private static readonly TimeSpan EmptyPollInterval = TimeSpan.FromMilliseconds(4);

    private readonly string _guardId;
    private readonly string _root;
    private readonly string? _ownMount;

    private CgroupContainment(string guardId, string hierarchy, string? ownMount)
    {
        _guardId = guardId;
        _root = Path.Combine(hierarchy, $"quorate-{guardId}");
        _ownMount = ownMount;
        Directory.CreateDirectory(_root);
        if (!File.Exists(Path.Combine(_root, EventsFile)))
        {
            throw new IOException($"{_root} is no cgroup");
        }
    }

    public string Name => "cgroup";

    /// <summary>Uses the hierarchy that the system mounted, else mounts it in the state directory; null, with the reason, where neither works.</summary>
    public static CgroupContainment? TryCreate(string guardId, string stateDirectory, out string problem)
    {
        problem = "no cgroup2 hierarchy is mounted";
        string own = Path.Combine(stateDirectory, "cgroup");
        // Never another guard's own mount: it goes with that guard, and every group in it would then look empty.
        foreach (string mounted in MountedHierarchies().Where(path => path == own || path.StartsWith(SystemMounts, StringComparison.Ordinal)))
        {
            if (TryOpen(guardId, mounted, mounted == own ? own : null, ref problem) is { } found)
            {
                return found;
            }
        }

        Directory.CreateDirectory(own);
        if (Libc.Mount("none", own, "cgroup2", 0, null) != 0)
        {
            problem = $"{problem}; {Libc.Failure($"mount cgroup2 at {own}").Message}";
            return null;
        }

        return TryOpen(guardId, own, own, ref problem);
    }

    public string Mark(ContainedGroup group) => ProcessMark.Of(_guardId, group);

    public string? Open(ContainedGroup group) =>
        Path.Combine(Directory.CreateDirectory(PathOf(group)).FullName, ProcessesFile);

    public async Task<bool> KillAsync(ContainedGroup group, TimeSpan limit)
    {
        string path = PathOf(group);
        long started = Stopwatch.GetTimestamp();
        while (IsPopulated(path))
        {
            KillOnce(path);
            if (!IsPopulated(path))
            {
                break;
            }

            if (Stopwatch.GetElapsedTime(started) >= limit)
            {
                return false;
            }

            await Task.Delay(EmptyPollInterval);
        }

        DiscardIfEmpty(group);
        return true;
    }

    public void DiscardIfEmpty(ContainedGroup group)
    {
        string path = PathOf(group);
        if (Directory.Exists(path) && !IsPopulated(path))
        {
            Remove(path);
        }
    }

    public void Close()
    {
        DiscardIfEmpty(ContainedGroup.Everything);
        if (_ownMount is not null)
        {
            _ = Libc.Unmount(_ownMount, UnmountDetach);
        }
    }

    private static CgroupContainment? TryOpen(string guardId, string hierarchy, string? ownMount, ref string problem)
    {
        try
        {
            return new CgroupContainment(guardId, hierarchy, ownMount);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = failure.Message;
            return null;
        }
    }

    private static List<string> MountedHierarchies()
    {
        const int TargetField = 1;
        const int TypeField = 2;
        return [.. File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > TypeField && fields[TypeField] == "cgroup2")
            .Select(fields => fields[TargetField].Replace("\\040", " ", StringComparison.Ordinal))];
    }

    private string PathOf(ContainedGroup group) => group.Path.Length == 0 ? _root : Path.Combine(_root, group.Path);

    private static bool IsPopulated(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, EventsFile)).Contains("populated 1", StringComparison.Ordinal);
        }
        catch (IOException) when (!Directory.Exists(path))
        {
            return false;
        }
    }

    private static void KillOnce(string path)
    {
        try
        {
            KillAll(path);
        }
        catch (Exception gone) when (gone is (IOException or UnauthorizedAccessException) && !Directory.Exists(path))
        {
            // Emptied and removed meanwhile: there is nothing left to kill.
        }
    }

    private static void KillAll(string path)
    {
        string kill = Path.Combine(path, KillFile);
        if (File.Exists(kill))
        {
            File.WriteAllText(kill, "1");
            return;
        }

        // Linux before 5.14 has no cgroup.kill: one by one, again and again until none is left.
        foreach (string directory in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Prepend(path))
        {
            foreach (string line in File.ReadLines(Path.Combine(directory, ProcessesFile)))
            {
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 1)
                {
                    _ = Libc.Kill(process, Libc.SignalKill);
                }
            }
        }
    }

    /// <summary>Only directories: a cgroup's files go with it and cannot be deleted.</summary>
    private static void Remove(string path)
    {
        try
        {
            foreach (string child in Directory.GetDirectories(path))
            {
                Remove(child);
            }

            Directory.Delete(path);
        }
        catch (IOException)
        {
            // A process entered meanwhile, or a zombie is not reaped yet. An empty group left behind harms nothing; the next one removes it.
        }
    }
}
