using System.Collections.Immutable;

namespace Quorate.Model.Fencing;

/// <summary>A fence device as one node's method uses it.</summary>
/// <param name="Name"><c>fencedevice/@name</c>.</param>
/// <param name="Agent"><c>fencedevice/@agent</c>: the program, such as <c>fence_ipmilan</c>; never a path.</param>
/// <param name="StaysOff">True when the method says <c>action="off"</c>: the node is not switched on again.</param>
/// <param name="Options">What the agent is told besides the action, by name: the device's own attributes, overridden by the method's.</param>
public sealed record FenceDevice(string Name, string Agent, bool StaysOff, ImmutableSortedDictionary<string, string> Options);
