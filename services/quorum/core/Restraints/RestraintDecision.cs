using Quorate.Contracts;

namespace Quorate.Quorum.Core.Restraints;

/// <summary>What came of an order about the lock or a drained node.</summary>
/// <param name="Next">The state as it shall be; the same one when nothing changes.</param>
/// <param name="Result">The answer.</param>
/// <param name="Reason">In words.</param>
public sealed record RestraintDecision(ArbiterState Next, ResultCode Result, string Reason);
