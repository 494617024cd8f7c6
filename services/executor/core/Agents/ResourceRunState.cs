namespace Quorate.Executor.Core.Agents;

/// <summary>What a monitor proved about a resource.</summary>
public enum ResourceRunState
{
    /// <summary>It runs and is healthy.</summary>
    Running,

    /// <summary>It does not run here: the only answer that proves a stop (rule S9).</summary>
    NotRunning,

    /// <summary>Neither: failed, half stopped, no answer. It may hold what a second owner must not take.</summary>
    Unknown,
}
