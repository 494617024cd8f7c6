using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>What one heartbeat earned. A closed set; <see cref="Reason"/> is empty when a lease is granted.</summary>
public abstract record AdmissionDecision(HeartbeatVerdict Verdict, string Reason)
{
    /// <summary>A new incarnation joins; <paramref name="Ended"/> is the earlier one that its guard proved ended, to be stored with it.</summary>
    public sealed record Admit(LeaseRow Row, LeaseRow? Ended, HeartbeatVerdict Verdict, string Reason) : AdmissionDecision(Verdict, Reason);

    /// <summary>The row with the new sequence, and with the lease when <see cref="AdmissionDecision.Verdict"/> grants one.</summary>
    public sealed record Renew(LeaseRow Row, HeartbeatVerdict Verdict, string Reason) : AdmissionDecision(Verdict, Reason);

    /// <summary>Nothing is stored: the sequence is not new; the answer is what that sequence earned (rule S3).</summary>
    public sealed record Repeat(HeartbeatVerdict Verdict, string Reason) : AdmissionDecision(Verdict, Reason);

    /// <summary>The incarnation said goodbye and is stored as left.</summary>
    public sealed record Leave(LeaseRow Row, string Reason) : AdmissionDecision(HeartbeatVerdict.Refused, Reason);

    /// <summary>Nothing is stored. <paramref name="Blocking"/> is the incarnation that must end first, where there is one.</summary>
    public sealed record Refuse(string Reason, Incarnation? Blocking = null) : AdmissionDecision(HeartbeatVerdict.Refused, Reason);
}
