namespace Quorate.Executor.Core.Agents;

/// <summary>The bounds of an agent's run.</summary>
public static class AgentTimeouts
{
    /// <summary>Where neither the metadata nor the configuration gives a timeout.</summary>
    public const long DefaultMilliseconds = 60_000;

    /// <summary>The bound of a run whose timeout is not enforced (<c>__enforce_timeouts="0"</c>), and of any other: one day.</summary>
    public const long CeilingMilliseconds = 86_400_000;

    /// <summary>The bound in milliseconds for one action.</summary>
    public static long Effective(TimeSpan given, bool isEnforced) =>
        !isEnforced ? CeilingMilliseconds
        : given <= TimeSpan.Zero ? DefaultMilliseconds
        : Math.Clamp((long)given.TotalMilliseconds, 1, CeilingMilliseconds);
}
