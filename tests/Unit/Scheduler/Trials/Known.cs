namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>What is known to be amiss and not looked for; each goes with its mend.</summary>
[Flags]
internal enum Known
{
    Nothing = 0,

    /// <summary>A late inventory that does not name the service is taken as proof that its receiver runs nothing of it.</summary>
    ReceiverBelievedWithoutProof = 1,

    /// <summary>Two that are tied to each other, and that nobody can start, wake each other without end.</summary>
    TiedWakeEachOther = 2,

    /// <summary>A migration that the planner wants and the agent refuses is ordered again with each sweep.</summary>
    RefusedMigrationRepeated = 4,

    /// <summary>A change that the node refuses is ordered again with each sweep.</summary>
    RefusedChangeRepeated = 8,

    /// <summary>A hold of which nothing can be proven is probed again with each inventory.</summary>
    UnprovenHoldProbedAgain = 16,
}
