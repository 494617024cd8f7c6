using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>
/// What a heartbeat earns. A live incarnation is renewed; a new one is admitted only when the one before it has ended; one that was
/// lost, fenced or has left never comes back. Presence is given to all of them, permission only while the cluster is quorate.
/// </summary>
/// <remarks>The service renews the usual case by one statement without asking here; that statement says what <see cref="Renewed"/> says.</remarks>
public static class Admission
{
    private const int IncarnationLengthMax = 64;
    private const int ProvenEndedMax = 100;

    /// <summary>Decides what one heartbeat earns (rules S1, S3, S4, S5).</summary>
    public static AdmissionDecision Decide(AdmissionSituation situation)
    {
        NodeHeartbeat heartbeat = situation.Heartbeat;
        if (FindFault(heartbeat) is { } fault)
        {
            return new AdmissionDecision.Refuse(fault);
        }

        if (situation.Configured is null)
        {
            return new AdmissionDecision.Refuse(
                $"cluster.conf has no node '{heartbeat.Node}': add a clusternode of that name, or set Quorate:Node to one that is there");
        }

        return situation.Own switch
        {
            { State: LeaseState.Live } live => AnswerLive(situation, live),
            { } ended => AnswerEnded(situation, ended),
            null => AnswerNewcomer(situation),
        };
    }

    /// <summary>Nothing that a database refuses as a text may come in: one bad heartbeat must not spoil those stored with it.</summary>
    internal static bool IsIncarnation(Incarnation incarnation) => incarnation.Value is { Length: > 0 and <= IncarnationLengthMax } text
        && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <summary>What makes a heartbeat unusable whoever sent it; null when it is sound.</summary>
    public static string? FindFault(NodeHeartbeat heartbeat)
    {
        // What the records call never null can be null all the same: JSON from elsewhere says what it likes.
        NodePromise? promise = heartbeat.Promise;
        IReadOnlyList<Incarnation>? provenEnded = heartbeat.ProvenEnded;
        return heartbeat switch
        {
            _ when string.IsNullOrWhiteSpace(heartbeat.Node.Value) => "a heartbeat names its node",
            _ when provenEnded is null => "the list of proven ended incarnations may be empty or left out, not null",
            _ when !provenEnded.Append(heartbeat.Incarnation).All(IsIncarnation) =>
                $"an incarnation is 1 to {IncarnationLengthMax} letters, digits, '-', '_' and '.'",
            _ when provenEnded.Count > ProvenEndedMax => $"a heartbeat names at most {ProvenEndedMax} ended incarnations",
            { Sequence: <= 0 } => $"a heartbeat's sequence is 1 or more, and this one's is {heartbeat.Sequence}",
            _ when heartbeat.NewestAnswer < 0 || heartbeat.NewestAnswer > heartbeat.Sequence
                || heartbeat.NewestBusAnswer < 0 || heartbeat.NewestBusAnswer > heartbeat.Sequence =>
                "a heartbeat cannot have heard an answer to a sequence that was not yet sent",
            _ when promise is null => "a heartbeat carries what the node promises to do when its lease runs out",
            _ when QuorumTiming.ProblemsOfPromise(promise.StopDeadlineMilliseconds, promise.WatchdogMilliseconds) is [var problem, ..] => problem,
            _ when promise is { IsSelfFencing: true, OnLeaseLoss: not (null or OnLeaseLoss.Stop) } =>
                "a node that goes on running without a lease does not fence itself, and this one says both",
            _ when provenEnded.Contains(heartbeat.Incarnation) => "an incarnation that is proven ended sends no heartbeat",
            _ => null,
        };
    }

    /// <summary>A live row after a growing sequence: presence always, a lease where the situation permits one.</summary>
    public static LeaseRow Renewed(LeaseRow row, NodeHeartbeat heartbeat, ArbiterState arbiter)
    {
        bool isGranted = IsPermitted(row, heartbeat, arbiter);
        TimeSpan stopDeadline = TimeSpan.FromMilliseconds(heartbeat.Promise.StopDeadlineMilliseconds);
        TimeSpan watchdog = TimeSpan.FromMilliseconds(heartbeat.Promise.WatchdogMilliseconds);
        return row with
        {
            Sequence = heartbeat.Sequence,
            GrantedSequence = isGranted ? heartbeat.Sequence : row.GrantedSequence,
            GrantedIn = isGranted ? arbiter.FormedAt : row.GrantedIn,
            // Within one incarnation a promise can only get weaker: an earlier lease may still count on the longer time (S4).
            StopDeadline = stopDeadline > row.StopDeadline ? stopDeadline : row.StopDeadline,
            Watchdog = watchdog > row.Watchdog ? watchdog : row.Watchdog,
            // But for a guard that ends every lease it holds before its executor says so, the one promise that can be taken back (ADR 0009).
            IsSelfFencing = heartbeat.Promise.IsSelfFencing && (row.IsSelfFencing || heartbeat.Promise.OnLeaseLoss is not null),
            OnLeaseLoss = heartbeat.Promise.OnLeaseLoss ?? OnLeaseLoss.Stop,
            IsOnLeaseLossApplied = heartbeat.Promise.IsOnLeaseLossApplied,
        };
    }

    /// <summary>A node that saw the arbiter further than it is now is a witness that it went back: it gets nothing from it (S14).</summary>
    private static bool MayGrant(NodeHeartbeat heartbeat, ArbiterState arbiter) =>
        arbiter.MayGrant && !ArbiterSight.Of(heartbeat.HighestArbiter).IsAheadOf(arbiter);

    private static bool IsPermitted(LeaseRow row, NodeHeartbeat heartbeat, ArbiterState arbiter) =>
        MayGrant(heartbeat, arbiter) && !row.IsWithdrawn(arbiter);

    private static AdmissionDecision AnswerLive(AdmissionSituation situation, LeaseRow own)
    {
        NodeHeartbeat heartbeat = situation.Heartbeat;
        ArbiterState arbiter = situation.Arbiter;
        if (heartbeat.Leaving && heartbeat.Sequence >= own.Sequence)
        {
            return new AdmissionDecision.Leave(own.Become(LeaseState.Left, situation.Now, "it stopped all it ran and left"), "left, as it said");
        }

        if (own.MustComeAnew(arbiter))
        {
            // It still votes, so its sequence is stored; permission it gets only as a new incarnation (S1).
            return new AdmissionDecision.Renew(
                own with { Sequence = Math.Max(own.Sequence, heartbeat.Sequence) },
                HeartbeatVerdict.Refused,
                "quorum dissolved since this incarnation held its lease: stop all it runs, prove it, and join anew");
        }

        if (heartbeat.Sequence <= own.Sequence)
        {
            bool wasGranted = IsPermitted(own, heartbeat, arbiter) && heartbeat.Sequence <= own.GrantedSequence;
            return wasGranted
                ? new AdmissionDecision.Repeat(HeartbeatVerdict.Granted, "")
                : new AdmissionDecision.Repeat(HeartbeatVerdict.Present, ReasonPresent(arbiter));
        }

        if (situation.Deafness is { } deafness)
        {
            return new AdmissionDecision.Refuse(deafness);
        }

        LeaseRow renewed = Renewed(own, heartbeat, arbiter);
        return renewed.GrantedSequence == heartbeat.Sequence
            ? new AdmissionDecision.Renew(renewed, HeartbeatVerdict.Granted, "")
            : new AdmissionDecision.Renew(renewed, HeartbeatVerdict.Present, ReasonPresent(arbiter));
    }

    private static AdmissionDecision AnswerEnded(AdmissionSituation situation, LeaseRow own) => own.State switch
    {
        LeaseState.Lost when situation.Heartbeat.Leaving =>
            new AdmissionDecision.Leave(own.Become(LeaseState.Left, situation.Now, "it was lost, then proved that it had stopped all it ran"), "left, as it said"),
        LeaseState.Lost => new AdmissionDecision.Refuse(
            $"this incarnation was lost ({own.Reason}): stop all it runs, prove it, and join as a new one"),
        LeaseState.Fenced => new AdmissionDecision.Refuse($"this incarnation was fenced ({own.Reason}): join as a new one"),
        _ => new AdmissionDecision.Refuse($"this incarnation has left ({own.Reason}): join as a new one"),
    };

    private static AdmissionDecision AnswerNewcomer(AdmissionSituation situation)
    {
        NodeHeartbeat heartbeat = situation.Heartbeat;
        if (heartbeat.Leaving)
        {
            return new AdmissionDecision.Refuse("left, without ever having been admitted");
        }

        if (situation.Current is not { HasEnded: false } earlier)
        {
            return Admit(situation, ended: null);
        }

        return heartbeat.ProvenEnded.Contains(earlier.Incarnation)
            ? Admit(situation, earlier.Become(LeaseState.Left, situation.Now, "its guard proved that all it ran has stopped"))
            : new AdmissionDecision.Refuse(
                $"node '{heartbeat.Node}' has another incarnation that is {earlier.State.ToString().ToLowerInvariant()}; it must leave, be proven ended or be fenced first",
                earlier.Incarnation);
    }

    private static AdmissionDecision.Admit Admit(AdmissionSituation situation, LeaseRow? ended)
    {
        NodeHeartbeat heartbeat = situation.Heartbeat;
        bool isGranted = MayGrant(heartbeat, situation.Arbiter);
        LeaseRow row = new()
        {
            Node = heartbeat.Node,
            Incarnation = heartbeat.Incarnation,
            State = LeaseState.Live,
            Sequence = heartbeat.Sequence,
            GrantedSequence = isGranted ? heartbeat.Sequence : 0,
            GrantedIn = isGranted ? situation.Arbiter.FormedAt : 0,
            Ttl = situation.Timing.Ttl,
            StopDeadline = TimeSpan.FromMilliseconds(heartbeat.Promise.StopDeadlineMilliseconds),
            Watchdog = TimeSpan.FromMilliseconds(heartbeat.Promise.WatchdogMilliseconds),
            IsSelfFencing = heartbeat.Promise.IsSelfFencing,
            OnLeaseLoss = heartbeat.Promise.OnLeaseLoss ?? OnLeaseLoss.Stop,
            IsOnLeaseLossApplied = heartbeat.Promise.IsOnLeaseLossApplied,
            Since = situation.Now,
            Reason = "joined",
        };
        return isGranted
            ? new AdmissionDecision.Admit(row, ended, HeartbeatVerdict.Granted, "")
            : new AdmissionDecision.Admit(row, ended, HeartbeatVerdict.Present, ReasonPresent(situation.Arbiter));
    }

    private static string ReasonPresent(ArbiterState arbiter) => arbiter switch
    {
        { IsTrusted: false } => "the database went back (#1130); no lease is given until an operator says quorate arbiter accept",
        { IsQuorate: false } => "the cluster is not quorate",
        _ => "the cluster became quorate after this heartbeat; the next one earns a lease",
    };
}
