namespace Quorate.Quorum.Core.Fencing;

/// <summary>
/// One device of a node, by where it stands in the configuration, since names may repeat within a method, and by its name, since another
/// configuration may come into force between switching it off and on.
/// </summary>
/// <param name="Method">Which of the node's methods, from 0.</param>
/// <param name="Device">Which of the method's devices, from 0.</param>
/// <param name="Name">The device's name; empty in rows of before names were kept.</param>
public readonly record struct FenceTarget(int Method, int Device, string Name = "");
