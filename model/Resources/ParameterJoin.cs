namespace Quorate.Model.Resources;

/// <summary>Two attributes of ours that are one parameter of the agent: <c>host</c> and <c>export</c> are the <c>device</c> host:/export.</summary>
/// <param name="First">Our attribute for what stands before the separator; a resource without it passes the other alone.</param>
/// <param name="Separator">Between both. For a slash a <paramref name="Rest"/> that begins with one is a whole path and stands alone.</param>
/// <param name="Rest">Our attribute for what stands behind it; without it nothing is passed.</param>
/// <param name="Parameter">The agent's parameter.</param>
public sealed record ParameterJoin(string First, char Separator, string Rest, string Parameter);
