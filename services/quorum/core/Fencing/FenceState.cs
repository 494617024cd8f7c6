namespace Quorate.Quorum.Core.Fencing;

/// <summary>Where the fencing of one incarnation stands. Text in the database: <c>wanted running failed done</c>.</summary>
public enum FenceState
{
    /// <summary>Asked for by an operator or a service; no replica has begun.</summary>
    Wanted,

    /// <summary>Claimed by a replica, which works on it.</summary>
    Running,

    /// <summary>
    /// Nobody works on it now. Every method failed in every round: it waits for an administrator, and is tried again now and then. Or the
    /// incarnation has ended, and what was switched off waits until a later life of the node is not being fenced any more.
    /// </summary>
    Failed,

    /// <summary>The incarnation has ended, by these devices or otherwise, and nothing is left to be switched on.</summary>
    Done,
}
