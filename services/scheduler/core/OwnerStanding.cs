namespace Quorate.Scheduler.Core;

/// <summary>What the membership says about one incarnation of one node.</summary>
public enum OwnerStanding
{
    /// <summary>The membership cannot say: the node is not in it, or it is older than the question. Proves nothing.</summary>
    Unknown,

    /// <summary>It is a member.</summary>
    Online,

    /// <summary>Its heartbeats stopped; it may still run services.</summary>
    Lost,

    /// <summary>Fenced, left, or another incarnation of the node took its place: it runs nothing (rule S5).</summary>
    Ended,
}
