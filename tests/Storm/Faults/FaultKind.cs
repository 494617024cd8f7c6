namespace Quorate.Tests.Storm.Faults;

/// <summary>What goes wrong. The table of a storm counts by these.</summary>
internal enum FaultKind
{
    /// <summary>All processes of a node are gone at once; its power comes back later.</summary>
    PowerLoss,

    /// <summary>The executor alone is killed; its guard lives.</summary>
    ExecutorCrash,

    /// <summary>The executor alone stands still.</summary>
    ExecutorPause,

    /// <summary>All processes of a node stand still. Promised only with a fence device, so only there.</summary>
    NodeFreeze,

    /// <summary>A node neither hears nor is heard.</summary>
    Partition,

    /// <summary>A node hears nothing.</summary>
    Deafness,

    /// <summary>A node is not heard.</summary>
    Muteness,

    /// <summary>A replica of quorum is killed and started again.</summary>
    QuorumKill,

    /// <summary>A replica of scheduler is killed and started again.</summary>
    SchedulerKill,

    /// <summary>RabbitMQ is killed and started again.</summary>
    BrokerKill,

    /// <summary>PostgreSQL is killed and started again.</summary>
    DatabaseKill,

    /// <summary>An action of a service's agent fails.</summary>
    AgentFails,

    /// <summary>An action of a service's agent never ends.</summary>
    AgentHangs,

    /// <summary>The first fence device of every node does not answer.</summary>
    FenceDeviceFails,
}
