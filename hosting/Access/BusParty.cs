namespace Quorate.Hosting.Access;

/// <summary>Who has a user of its own at the broker.</summary>
public enum BusParty
{
    /// <summary>All replicas of the quorum service.</summary>
    Quorum,

    /// <summary>All schedulers.</summary>
    Scheduler,

    /// <summary>An executor; one user for each node, or one for all of them.</summary>
    Executor,

    /// <summary>The keepers of NFS state.</summary>
    Rmtab,

    /// <summary>A person or program that may give commands.</summary>
    Operator,

    /// <summary>A person or program that may look.</summary>
    Observer,
}
