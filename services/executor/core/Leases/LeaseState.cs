using System.Collections.Immutable;
using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Leases;

/// <summary>
/// What one incarnation knows about its permission to run services. The lease counts from the moment the answered heartbeat was
/// sent, never from when the answer came (rule S2); it only grows; and once it ran out it stays out: later grants are ignored, since
/// the guard has ended the incarnation by then (rule S9); unless the guard holds it.
/// </summary>
/// <remarks>All instants are milliseconds of CLOCK_BOOTTIME, which goes on in suspend.</remarks>
public sealed record LeaseState
{
    /// <summary>How many sent heartbeats are remembered; an answer to an older one earns nothing.</summary>
    public const int SentMax = 64;

    /// <summary>How many ttl an incarnation that was never counted knocks before it gives way to a new one.</summary>
    public const int RejectionTtls = 6;

    /// <summary>The shortest lease that is believed; a shorter one is taken for a malformed answer.</summary>
    public static readonly TimeSpan TtlMin = TimeSpan.FromMilliseconds(200);

    /// <summary>The length of a lease until the first answer names it.</summary>
    public static readonly TimeSpan TtlDefault = TimeSpan.FromSeconds(10);

    private LeaseState()
    {
    }

    /// <summary>No heartbeat sent, nothing granted.</summary>
    public static LeaseState None { get; } = new();

    /// <summary>When each remembered heartbeat was sent, by sequence.</summary>
    public ImmutableSortedDictionary<long, long> Sent { get; private init; } = ImmutableSortedDictionary<long, long>.Empty;

    /// <summary>Until when services may run; null before the first grant.</summary>
    public long? DeadlineMilliseconds { get; private init; }

    /// <summary>True while the guard ends nothing for want of a lease: a lease that ran out permits no start, and may be renewed.</summary>
    public bool IsHeld { get; private init; }

    /// <summary>True once the lease ran out: for ever.</summary>
    public bool HasEnded { get; private init; }

    /// <summary>The length of the newest lease, or of the one that is waited for.</summary>
    public TimeSpan Ttl { get; private init; } = TtlDefault;

    /// <summary>The newest sequence that was answered; 0 before the first.</summary>
    public long NewestAnswer { get; private init; }

    /// <summary>The newest sequence that was answered over the bus; 0 before the first.</summary>
    public long NewestBusAnswer { get; private init; }

    /// <summary>The newest sequence that was granted; 0 before the first.</summary>
    public long NewestGrant { get; private init; }

    /// <summary>The highest membership generation named by a grant; 0 before the first.</summary>
    public long GrantedGeneration { get; private init; }

    /// <summary>Since when all answers were refusals with nothing in the way but this incarnation itself; null when the newest was another.</summary>
    public long? RefusedSince { get; private init; }

    /// <summary>True once the arbiter counted this incarnation, with a lease or without.</summary>
    public bool WasCounted { get; private init; }

    /// <summary>True from the first grant on.</summary>
    public bool IsAdmitted => DeadlineMilliseconds is not null;

    /// <summary>True while services may run.</summary>
    public bool IsValidAt(long now) => !HasEnded && DeadlineMilliseconds > now;

    /// <summary>Remembers a heartbeat; to be called before it leaves, so that the lease never counts from too late.</summary>
    /// <param name="sequence">Greater than any before.</param>
    /// <param name="at">When it is sent.</param>
    public LeaseState WithSent(long sequence, long at)
    {
        ImmutableSortedDictionary<long, long> sent = Sent.Add(sequence, at);
        return this with { Sent = sent.Count > SentMax ? sent.Remove(sent.Keys.First()) : sent };
    }

    /// <summary>What the guard said that it does from now on. Its word counts: while it holds the incarnation, that has not ended.</summary>
    public LeaseState WithHeld(bool isHeld) => this with { IsHeld = isHeld, HasEnded = HasEnded && !isHeld };

    /// <summary>Marks the lease as ended when its deadline has passed.</summary>
    public LeaseState At(long now) => DeadlineMilliseconds <= now && !HasEnded && !IsHeld ? this with { HasEnded = true } : this;

    /// <summary>Takes one answer. One to a heartbeat that was not sent by this executor, or was forgotten, changes nothing.</summary>
    /// <param name="answer">For this incarnation; the caller has checked.</param>
    /// <param name="overBus">True when it came over the bus, false when it came over HTTP.</param>
    /// <param name="now">When it came.</param>
    public LeaseState WithAnswer(HeartbeatAnswer answer, bool overBus, long now)
    {
        LeaseState state = At(now);
        if (!state.Sent.TryGetValue(answer.Sequence, out long sentAt))
        {
            return state;
        }

        state = state with
        {
            // A node that waits for quorum is lost like any other when it beats too slowly for its ttl.
            Ttl = answer.Verdict == HeartbeatVerdict.Present && answer.TtlMilliseconds >= TtlMin.TotalMilliseconds && answer.Sequence >= state.NewestAnswer
                ? TimeSpan.FromMilliseconds(answer.TtlMilliseconds)
                : state.Ttl,
            NewestAnswer = Math.Max(state.NewestAnswer, answer.Sequence),
            WasCounted = state.WasCounted || answer.Verdict != HeartbeatVerdict.Refused,
            RefusedSince = answer is { Verdict: HeartbeatVerdict.Refused, Blocking: null } ? state.RefusedSince ?? now : null,
            NewestBusAnswer = overBus ? Math.Max(state.NewestBusAnswer, answer.Sequence) : state.NewestBusAnswer,
        };

        // A grant that is over when it comes permits nothing and ends nothing: nothing ran under it, and the guard never heard of it.
        bool isGrant = answer.Verdict == HeartbeatVerdict.Granted && answer.TtlMilliseconds >= TtlMin.TotalMilliseconds
            && sentAt + answer.TtlMilliseconds > now;
        return isGrant && !state.HasEnded ? state.WithGrant(answer, sentAt) : state;
    }

    /// <summary>
    /// True when an answer says that quorum was lost in a later generation than that of the newest grant (rule S1). Old answers that
    /// arrive late take nothing back, nor does a refusal: it renews nothing, and the lease runs out by itself.
    /// </summary>
    public bool IsWithdrawnBy(HeartbeatAnswer answer) =>
        IsAdmitted && answer is { Verdict: HeartbeatVerdict.Present, IsQuorate: false } && answer.Sequence > NewestGrant
        && answer.Generation > GrantedGeneration;

    /// <summary>True when quorum was lost in a later generation than that of the newest grant (rule S1).</summary>
    public bool IsWithdrawnBy(QuorumDissolved dissolved) => IsAdmitted && dissolved.Generation > GrantedGeneration;

    /// <summary>
    /// True when this incarnation has no future: the arbiter refuses it without another one standing in the way, and it holds no
    /// lease. One that was counted before was lost or fenced, and comes back only as a new incarnation (rule S5); one that never was
    /// may just not be configured yet, and waits longer.
    /// </summary>
    public bool IsRejectedForGood(long now) =>
        RefusedSince is { } since && !IsValidAt(now)
        && now - since >= (long)Ttl.TotalMilliseconds * (WasCounted ? 1 : RejectionTtls);

    private LeaseState WithGrant(HeartbeatAnswer answer, long sentAt) => this with
    {
        DeadlineMilliseconds = Math.Max(DeadlineMilliseconds ?? long.MinValue, sentAt + answer.TtlMilliseconds),
        Ttl = answer.Sequence >= NewestGrant ? TimeSpan.FromMilliseconds(answer.TtlMilliseconds) : Ttl,
        NewestGrant = Math.Max(NewestGrant, answer.Sequence),
        GrantedGeneration = Math.Max(GrantedGeneration, answer.Generation),
    };
}
