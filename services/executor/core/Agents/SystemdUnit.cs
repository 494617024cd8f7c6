namespace Quorate.Executor.Core.Agents;

/// <summary>A systemd unit as a resource: what <c>systemctl</c> is asked, and what its answer means.</summary>
/// <remarks>
/// Source: systemctl(1), systemd(1). Not <c>is-active</c>: that gives one exit code for what is stopped and for what is still stopping, and a second
/// owner may follow the word "not running" (rule S9).
/// </remarks>
public static class SystemdUnit
{
    /// <summary>The program; it waits until the job it asks for has ended.</summary>
    public const string Program = "systemctl";

    private const string State = "ActiveState";
    private const string Tasks = "TasksCurrent";
    private const string Group = "ControlGroup";
    private const string Job = "Job";
    private const string NoTasks = "[not set]";

    /// <summary>The words after the program's name.</summary>
    public static string[] Arguments(string action, string unit) => action is "status" or "monitor"
        ? ["show", $"--property={State},{Tasks},{Group},{Job}", "--", unit]
        : [action, "--no-ask-password", "--", unit];

    /// <summary>What the answer to a monitor says. A unit that failed is stopped once none of its processes is left.</summary>
    public static ResourceRunState Judge(string properties)
    {
        Dictionary<string, string> values = properties.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], parts => parts[1])
            .ToDictionary(group => group.Key, group => group.First());
        // Tasks alone do not tell: they read "not set" where nobody counts (TasksAccounting=no, no pids controller). systemd forgets a unit's group once it
        // is empty. With a job pending it is about to start or stop, whatever it is now.
        bool hasTasks = values.GetValueOrDefault(Tasks, "0") is not ("0" or "" or NoTasks) || values.GetValueOrDefault(Group, "").Length > 0;
        bool hasJob = values.GetValueOrDefault(Job, "") is not ("" or "0");
        return values.GetValueOrDefault(State) switch
        {
            "active" or "reloading" or "refreshing" => ResourceRunState.Running,
            "inactive" or "failed" when !hasTasks && !hasJob => ResourceRunState.NotRunning,
            _ => ResourceRunState.Unknown,
        };
    }
}
