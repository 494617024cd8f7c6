namespace Quorate.Quorum.Core.Fencing;

/// <summary>What one run of a fence agent came to.</summary>
/// <param name="Method">Which of the node's methods, from 0.</param>
/// <param name="Device">Which of the method's devices, from 0.</param>
/// <param name="Action">What it was told.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">Its last words, or why it could not run; may be empty.</param>
public sealed record FenceResult(int Method, int Device, FenceAction Action, FenceOutcome Outcome, string Detail);
