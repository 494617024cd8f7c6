namespace Quorate.Cli.Demo.Script;

/// <summary>One step: what is done, and within which time it must be observed.</summary>
/// <param name="Title">What is done, in words.</param>
/// <param name="TimeMax">From the action to the observation: many times what it takes, for a machine that does other work too.</param>
internal sealed record ScriptStep(string Title, TimeSpan TimeMax)
{
    /// <summary>For all steps together: the script ends within a minute, whatever happens.</summary>
    public static readonly TimeSpan AllTimeMax = TimeSpan.FromSeconds(54);

    public static readonly ScriptStep Start = new("Start quorum, scheduler and three nodes: every service but 'spare' must come up where its domain says", TimeSpan.FromSeconds(30));

    public static readonly ScriptStep LosePower = new("Cut the power of {0}, which runs 'web': its services must come up on the next node", TimeSpan.FromSeconds(20));

    public static readonly ScriptStep BreakRestart = new("Kill the daemon of 'files' on {0} (recovery: restart): it must be started again there", TimeSpan.FromSeconds(15));

    public static readonly ScriptStep BreakRelocate = new("Kill the daemon of 'batch' on {0} (recovery: relocate): it must be started on another node", TimeSpan.FromSeconds(15));

    public static readonly ScriptStep Relocate = new("Command: relocate 'shop' from {0} to {1}: it must stop there, and only then start here", TimeSpan.FromSeconds(15));

    public static readonly ScriptStep Revive = new("Give {0} its power back: 'web' must return to it, 'mail' (nofailback) must stay on {1}", TimeSpan.FromSeconds(20));

    public static readonly ScriptStep Leave = new("Stop all nodes cleanly: every resource must write down its stop", TimeSpan.FromSeconds(15));

    /// <summary>The steps in their order.</summary>
    public static IReadOnlyList<ScriptStep> All { get; } = [Start, LosePower, BreakRestart, BreakRelocate, Relocate, Revive, Leave];
}
