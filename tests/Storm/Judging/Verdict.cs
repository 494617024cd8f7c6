using System.Collections.Immutable;

namespace Quorate.Tests.Storm.Judging;

/// <summary>What a storm has shown. Nothing is violated when all three lists are empty.</summary>
/// <param name="Overlaps">Every proof that a service had two owners, or ran on where it had provably ended.</param>
/// <param name="LostCommands">Commands without an answer, or with two.</param>
/// <param name="NotRunning">Services that do not run where the API says, after all was healed.</param>
internal sealed record Verdict(ImmutableArray<string> Overlaps, ImmutableArray<string> LostCommands, ImmutableArray<string> NotRunning)
{
    public IEnumerable<string> Violations => Overlaps.Concat(LostCommands).Concat(NotRunning);
}
