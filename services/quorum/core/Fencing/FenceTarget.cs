namespace Quorate.Quorum.Core.Fencing;

/// <summary>One device of a node, by where it stands in the configuration: names may repeat within a method.</summary>
/// <param name="Method">Which of the node's methods, from 0.</param>
/// <param name="Device">Which of the method's devices, from 0.</param>
public readonly record struct FenceTarget(int Method, int Device);
