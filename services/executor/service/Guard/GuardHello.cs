using System.Collections.Immutable;
using Quorate.Executor.Core.Guarding;

namespace Quorate.Executor.Service.Guard;

/// <summary>What a guard says first: who this node is now, and what an earlier executor of the same incarnation left.</summary>
/// <param name="Greeting">The line itself.</param>
/// <param name="Journal">The services' journals, in name order.</param>
public sealed record GuardHello(GuardReport.Hello Greeting, ImmutableArray<JournalEntry> Journal);
