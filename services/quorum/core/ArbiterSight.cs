using System.Globalization;
using Quorate.Contracts.V1;

namespace Quorate.Quorum.Core;

/// <summary>
/// The furthest point of the arbiter that somebody knows to have been committed. Everybody who remembers one is a witness: replicas in memory
/// and in a file of their own, executors in their heartbeats. An arbiter behind any of them has forgotten (rule S14).
/// </summary>
/// <param name="Era">Compared first.</param>
/// <param name="Sequence">Compared within an era.</param>
/// <param name="Generation">The highest in any era: generations never go back, for executors compare them.</param>
public readonly record struct ArbiterSight(int Era, long Sequence, long Generation)
{
    /// <summary>What the arbiter itself says now.</summary>
    public static ArbiterSight Of(ArbiterState arbiter) => new(arbiter.Era, arbiter.Sequence, arbiter.Generation);

    /// <summary>What a witness says; nothing when it knows nothing, or says what cannot be.</summary>
    public static ArbiterSight Of(ArbiterPoint? point) =>
        point is { Era: > 0 and < int.MaxValue, Sequence: > 0, Generation: >= 0 } ? new(point.Era, point.Sequence, point.Generation) : default;

    /// <summary>Both together.</summary>
    public ArbiterSight With(ArbiterSight other)
    {
        ArbiterSight further = (Era, Sequence).CompareTo((other.Era, other.Sequence)) >= 0 ? this : other;
        return further with { Generation = Math.Max(Generation, other.Generation) };
    }

    /// <summary>True when the arbiter has forgotten what is known here.</summary>
    public bool IsAheadOf(ArbiterState arbiter) => (Era, Sequence).CompareTo((arbiter.Era, arbiter.Sequence)) > 0;

    /// <summary>
    /// The same for who has just beaten: the count that the beat itself added proves nothing, so that one forgotten beat is noticed too.
    /// </summary>
    /// <param name="beaten">The arbiter as the beat left it.</param>
    public bool IsAheadBefore(ArbiterState beaten) => IsAheadOf(beaten with { Sequence = beaten.Sequence - 1 });

    /// <summary>As it travels.</summary>
    public ArbiterPoint ToPoint() => new() { Era = Era, Sequence = Sequence, Generation = Generation };

    /// <summary>For people: <c>era 1, sequence 42</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"era {Era}, sequence {Sequence}");
}
