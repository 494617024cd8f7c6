using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard.Containment;

/// <summary>
/// Where no cgroup can be made: a process belongs to a group by its mark, or by being a descendant of one that does. As the guard
/// is a subreaper, what loses its parent comes to the guard: a child of the guard without the executor's mark belongs to some
/// service, whatever became of its environment, and goes when all services do.
/// </summary>
internal sealed class ProcessContainment(string guardId) : IContainment
{
    /// <summary>Children from before this process became the guard (a shell's that became it): not ours to kill.</summary>
    private readonly ImmutableHashSet<int> _strangers = [.. Directory.EnumerateDirectories("/proc").Where(IsOwnChild).Select(NumberOf)];

    private static readonly TimeSpan EmptyPollInterval = TimeSpan.FromMilliseconds(10);

    public string Name => "processes";

    public string Mark(ContainedGroup group) => ProcessMark.Of(guardId, group);

    public string? Open(ContainedGroup group) => null;

    public async Task<bool> KillAsync(ContainedGroup group, TimeSpan limit)
    {
        long started = Stopwatch.GetTimestamp();
        while (Members(group) is { Count: > 0 } members)
        {
            foreach (int process in members)
            {
                _ = Libc.Kill(process, Libc.SignalKill);
            }

            if (Stopwatch.GetElapsedTime(started) >= limit)
            {
                return Members(group).Count == 0;
            }

            await Task.Delay(EmptyPollInterval);
        }

        return true;
    }

    public void DiscardIfEmpty(ContainedGroup group)
    {
    }

    public void Close()
    {
    }

    private HashSet<int> Members(ContainedGroup group)
    {
        string mark = ProcessMark.Of(guardId, group);
        string executor = ProcessMark.Of(guardId, ContainedGroup.Executor);
        bool takesOrphans = group == ContainedGroup.Services || group == ContainedGroup.Everything;
        Dictionary<int, int> parents = [];
        HashSet<int> members = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            int process = NumberOf(directory);
            if (process == 0 || process == Environment.ProcessId || LiveParent(directory) is not { } parent)
            {
                continue;
            }

            parents[process] = parent;
            if (HasMark(directory, mark) || (takesOrphans && parent == Environment.ProcessId && !_strangers.Contains(process) && !HasMark(directory, executor)))
            {
                members.Add(process);
            }
        }

        AddDescendants(parents, members);
        return members;
    }

    /// <summary>The process of a directory of /proc; 0 for any other directory.</summary>
    private static int NumberOf(string directory) =>
        int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : 0;

    private static bool IsOwnChild(string directory) => NumberOf(directory) > 0 && LiveParent(directory) == Environment.ProcessId;

    private static void AddDescendants(Dictionary<int, int> parents, HashSet<int> members)
    {
        for (bool isGrowing = members.Count > 0; isGrowing;)
        {
            isGrowing = false;
            foreach ((int process, int parent) in parents)
            {
                isGrowing |= members.Contains(parent) && members.Add(process);
            }
        }
    }

    /// <summary>The parent of a process that is not dead yet; null for a zombie or one that is gone.</summary>
    private static int? LiveParent(string directory)
    {
        if (TryRead(Path.Combine(directory, "stat")) is not { } bytes)
        {
            return null;
        }

        // "pid (name) state ppid ...", where the name may hold anything: what counts follows its last parenthesis.
        string stat = Encoding.UTF8.GetString(bytes);
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [not ("Z" or "X"), var parent, ..] && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
    }

    /// <summary>The mark of the group itself or of one below it.</summary>
    private static bool HasMark(string directory, string mark) =>
        TryRead(Path.Combine(directory, "environ")) is { } bytes
        && Encoding.UTF8.GetString(bytes).Split('\0').Any(variable =>
            variable == mark || variable.StartsWith(mark.EndsWith('/') ? mark : $"{mark}/", StringComparison.Ordinal));

    private static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
