using Quorate.Contracts;

namespace Quorate.Quorum.Core;

/// <summary>What becomes of an operator's word about a database that went back.</summary>
/// <param name="Result">The answer.</param>
/// <param name="NewEra">The era to open; null when none is opened.</param>
/// <param name="Reason">Why.</param>
public sealed record ArbiterAcceptanceDecision(ResultCode Result, int? NewEra, string Reason);
