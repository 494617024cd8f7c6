namespace Quorate.Tests.Simulation;

/// <summary>One broken rule. Only the shells of this simulation know them; nothing in production does.</summary>
/// <remarks>Source: DESIGN 3: breaking any rule has to turn a test red.</remarks>
internal enum Mutation
{
    /// <summary>All rules hold.</summary>
    None,

    /// <summary>S1: whoever is present has permission, also after quorum dissolved and formed again.</summary>
    PresenceIsPermission,

    /// <summary>S2: the lease counts from when the grant came.</summary>
    LeaseCountsFromArrival,

    /// <summary>S2: silence is measured without the margin.</summary>
    MarginDropped,

    /// <summary>S4: silence is measured by today's settings.</summary>
    SettingsOfToday,

    /// <summary>S2: silence is measured by the wall clock.</summary>
    LossByWallClock,

    /// <summary>S3: a renewal needs no growing sequence.</summary>
    RenewalWithoutSequence,

    /// <summary>S5: time fencing and fence agents end the node's current incarnation, whichever it is.</summary>
    FencedByName,

    /// <summary>S5: an operator's word counts for the node's current incarnation, whichever it is.</summary>
    AcknowledgedByName,

    /// <summary>S5: a second incarnation of a name is admitted beside the first.</summary>
    SecondIncarnationAdmitted,

    /// <summary>S6: a fence device is believed without being asked.</summary>
    FencingSkipped,

    /// <summary>S6: nodes are cut off without quorum too.</summary>
    FencesWhileInquorate,

    /// <summary>S7: time fences nodes whose guard destroys nothing.</summary>
    TimeFencesAnyNode,

    /// <summary>S7: time fences nodes with a fence device too, whose machine may stand still with its guard.</summary>
    TimeFencesBesideDevices,

    /// <summary>S8: an order for another incarnation is carried out, and every life of a node reads one queue.</summary>
    IncarnationUnchecked,

    /// <summary>S8: an order of an old epoch is carried out.</summary>
    EpochUnchecked,

    /// <summary>S8: an owner that does not answer in time is replaced.</summary>
    OwnerReplacedOnDeadline,

    /// <summary>S9: agents that a dead guard or executor had under way go on.</summary>
    OrphansIgnored,

    /// <summary>S9: a stop that ran is believed.</summary>
    StopUnproven,

    /// <summary>S9: a grant that comes after the lease ended brings it back.</summary>
    GrantAfterExpiry,

    /// <summary>S10: what was started is stopped and probed by the tree that the configuration has today.</summary>
    TreeOfToday,

    /// <summary>S11: nobody remembers where a service may still run.</summary>
    HoldForgotten,

    /// <summary>S12: two replicas evaluate at once.</summary>
    EvaluationUnlocked,

    /// <summary>S12: a plan is applied under whatever token.</summary>
    TokenUnchecked,

    /// <summary>S12: the two before at once.</summary>
    EvaluationUnguarded,

    /// <summary>S12: a plan is applied although the membership moved since it was made.</summary>
    MembershipUnchecked,

    /// <summary>S12: a plan is applied to rows that others write meanwhile.</summary>
    RowsUnlocked,

    /// <summary>S12: a plan is applied to a row that moved since it was made.</summary>
    VersionUnchecked,

    /// <summary>S13: a deadline is over once its message was published.</summary>
    DeadlineDoneWhenPublished,

    /// <summary>S13: no replica remembers which messages it took.</summary>
    InboxForgotten,

    /// <summary>S13: a command is carried out as often as it comes.</summary>
    CommandTakenAgain,

    /// <summary>S13: the two before at once.</summary>
    CommandsForgotten,

    /// <summary>S13: nobody looks whether a command was answered before it is answered.</summary>
    AnswerUnchecked,

    /// <summary>S14: no replica remembers how far the arbiter had counted.</summary>
    ArbiterForgets,

    /// <summary>S14: schedulers decide from what a database says that quorum has not looked at.</summary>
    SchedulerForgets,
}
