namespace Quorate.Tests.Storm.Faults;

/// <summary>One thing that goes wrong and is put right again.</summary>
/// <param name="At">When, since the round began.</param>
/// <param name="Target">A node, a replica, an engine, a device, or <c>SERVICE.ACTION</c> of an agent.</param>
/// <param name="Lasts">How long until it is put right; zero for what heals by itself.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, string Target, TimeSpan Lasts);
