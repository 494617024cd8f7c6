namespace Quorate.Executor.Guard.Containment;

/// <summary>Holds processes together so that none escapes a kill.</summary>
internal interface IContainment
{
    /// <summary>As the executor is told: <c>cgroup</c> or <c>processes</c>.</summary>
    string Name { get; }

    /// <summary>A variable that every process of the group is started with, <c>NAME=value</c>.</summary>
    string Mark(ContainedGroup group);

    /// <summary>Makes the group; the file a process writes 0 to, to enter it, or null where the mark alone does it.</summary>
    /// <exception cref="IOException">The group cannot be made.</exception>
    string? Open(ContainedGroup group);

    /// <summary>Kills all processes of the group and waits until none is left; false where some outlived the limit (uninterruptible sleep).</summary>
    Task<bool> KillAsync(ContainedGroup group, TimeSpan limit);

    /// <summary>Forgets the group if it holds no process.</summary>
    void DiscardIfEmpty(ContainedGroup group);

    /// <summary>Leaves nothing behind on the machine; called last.</summary>
    void Close();
}
