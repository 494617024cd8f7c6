using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Judging;

/// <summary>What became of one command.</summary>
/// <param name="Result">Its answer; null when none came.</param>
/// <param name="Operations">Every id under which it was accepted or answered: a second one means that the first was forgotten.</param>
internal sealed record OrderOutcome(Order Order, ResultCode? Result, ImmutableSortedSet<string> Operations);
