namespace Quorate.Model.Resources;

/// <summary>One attribute of ours that is two parameters of the agent: <c>10.0.0.1/24</c> is <c>ip</c> and <c>cidr_netmask</c>.</summary>
/// <param name="Attribute">Our attribute's name.</param>
/// <param name="Separator">Where to cut: at its first occurrence; a value without it has only the first part.</param>
/// <param name="First">The agent's parameter for what stands before the separator.</param>
/// <param name="Rest">The agent's parameter for what stands after it; not passed when there is nothing.</param>
public sealed record ParameterSplit(string Attribute, char Separator, string First, string Rest);
