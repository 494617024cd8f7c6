using Quorate.Contracts;

namespace Quorate.Quorum.Core.Fencing;

/// <summary>What becomes of an order to fence.</summary>
/// <param name="Result">For the answer.</param>
/// <param name="Incarnation">Which life of the node; null where there is none to fence.</param>
/// <param name="Reason">For the answer, in words.</param>
public sealed record FenceOrderDecision(ResultCode Result, Incarnation? Incarnation, string Reason)
{
    /// <summary>True when the fencing is to be stored as wanted.</summary>
    public bool IsAccepted => Result == ResultCode.Success && Incarnation is not null;
}
