namespace Quorate.Tests.Simulation;

/// <summary>How one schedule ended.</summary>
/// <param name="Seed">Plays it again.</param>
/// <param name="Events">How many events it had.</param>
/// <param name="Milliseconds">How long it took in its own time.</param>
/// <param name="Violations">Empty when all is well.</param>
internal sealed record Outcome(ulong Seed, int Events, long Milliseconds, IReadOnlyList<string> Violations);
