using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>
/// The fencing of one incarnation as the arbiter has it: who works on it, and how far that is. Checked again right before each agent
/// runs (rule S6): whoever finds another claim, or the incarnation ended, runs nothing more.
/// </summary>
public sealed record FenceRow
{
    public required NodeName Node { get; init; }

    public required Incarnation Incarnation { get; init; }

    public required FenceState State { get; init; }

    /// <summary>Grows with each replica that takes it over; from 1, 0 while nobody has.</summary>
    public required long Claim { get; init; }

    /// <summary>Grows before each agent runs and with each claim: while it grows, somebody works.</summary>
    public required long Step { get; init; }

    /// <summary>How often all methods have been gone through, this time included; from 1, 0 before the first.</summary>
    public required int Round { get; init; }

    /// <summary>The longest that <see cref="Step"/> may stand still before another replica takes over, as its claimant promised.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>The replica that works on it; empty while nobody does.</summary>
    public required string Replica { get; init; }

    /// <summary>Why it is fenced, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The devices that may have switched off in any round and are to be switched on again; stored before each one is told to switch off,
    /// so that whoever goes on after a crash knows them.
    /// </summary>
    public ImmutableArray<FenceTarget> SwitchedOff { get; init; } = [];
}
