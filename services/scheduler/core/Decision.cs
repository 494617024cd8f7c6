using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>The outcome of one event for one service.</summary>
/// <param name="Next">The record to store; the same object when nothing changed.</param>
/// <param name="Effects">In the order they are to be sent.</param>
/// <param name="Reason">Why, in words; for an ignored event, why it changes nothing.</param>
public sealed record Decision(ServiceRecord Next, ImmutableArray<Effect> Effects, string Reason)
{
    /// <summary>False when there is nothing to store. Effects may still have to be sent (a refusal).</summary>
    public required bool IsChanged { get; init; }

    /// <summary>States passed within this one step, in order, without the first and the last; for the history.</summary>
    public ImmutableArray<Passage> Through { get; init; } = [];
}
