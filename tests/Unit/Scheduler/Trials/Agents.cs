namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>How the agents of a trial behave once everything heals.</summary>
internal enum Agents
{
    /// <summary>Whatever is asked of them they do.</summary>
    Succeed,

    /// <summary>Every migration ends with 150: it is still here.</summary>
    RefuseMigrations,

    /// <summary>Every condstop and condstart is refused.</summary>
    RefuseChanges,

    /// <summary>No probe knows anything.</summary>
    ProveNothing,
}
