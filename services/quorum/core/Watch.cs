using System.Collections.Immutable;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Core;

/// <summary>
/// Since when, as this replica saw it on its own monotonic clock, each fact has been true. A replica that starts, or that missed its
/// own beat for a while, knows nothing and waits the whole time again: never shorter (rule S2).
/// </summary>
/// <remarks>A value. A fact costs one entry; there are at most three for each node.</remarks>
public sealed record Watch
{
    private ImmutableDictionary<Fact, TimeSpan> Since { get; init; } = ImmutableDictionary<Fact, TimeSpan>.Empty;

    private TimeSpan? LastEndedAt { get; init; }

    private TimeSpan BeganAt { get; init; }

    /// <summary>Has seen nothing.</summary>
    public static Watch Nothing { get; } = new();

    /// <summary>The watch after a reading: facts that stayed true keep their instant, others begin at the reading's end.</summary>
    public Watch Next(Reading reading, ClusterConfiguration configuration, QuorumTiming timing)
    {
        // From end to end, so that a beat that stood still itself, its process stopped or its database hanging, is a gap too.
        bool isContinuous = LastEndedAt is { } last && reading.EndedAt - last <= timing.BeatGap && !reading.RenewalsFailed;
        ImmutableDictionary<Fact, TimeSpan>.Builder since = ImmutableDictionary.CreateBuilder<Fact, TimeSpan>();
        foreach (Fact fact in FactsOf(reading, configuration))
        {
            since[fact] = isContinuous && Since.TryGetValue(fact, out TimeSpan seen) ? seen : reading.EndedAt;
        }

        return new Watch { Since = since.ToImmutable(), LastEndedAt = reading.EndedAt, BeganAt = reading.BeganAt };
    }

    /// <summary>For how long the fact has surely been true without a break; null when it is not true, zero when it is new.</summary>
    public TimeSpan? HeldFor(Fact fact) =>
        Since.TryGetValue(fact, out TimeSpan since) ? (BeganAt > since ? BeganAt - since : TimeSpan.Zero) : null;

    /// <summary>When, on this replica's clock, the fact will have been true for so long; null when it is not true.</summary>
    public TimeSpan? HeldAt(Fact fact, TimeSpan duration) => Since.TryGetValue(fact, out TimeSpan since) ? since + duration : null;

    private static IEnumerable<Fact> FactsOf(Reading reading, ClusterConfiguration configuration)
    {
        foreach (LeaseRow row in reading.Rows)
        {
            // Once maintenance is over its silence counts from then on, not from when it began.
            if (row.State == LeaseState.Live && !row.MayBeSilent(reading.Arbiter))
            {
                yield return Fact.Silent(row);
            }

            if (row.State == LeaseState.Lost)
            {
                yield return Fact.Lost(row);
            }

            if (row.IsWithdrawn(reading.Arbiter))
            {
                yield return Fact.Withdrawn(row);
            }
        }

        foreach (FenceRow fence in reading.Fences)
        {
            yield return Fact.Fencing(fence);
        }

        if (!reading.Arbiter.IsTrusted)
        {
            yield return Fact.Distrusted(reading.Arbiter);
        }

        if (reading.Arbiter.IsQuorate)
        {
            yield return Fact.Formed(reading.Arbiter);
        }

        if (Membership.CountVotes(configuration, reading.Rows) >= configuration.Quorum.VotesNeeded)
        {
            yield return Fact.EnoughVotes;
        }
    }
}
