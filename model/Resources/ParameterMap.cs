namespace Quorate.Model.Resources;

/// <summary>One attribute of ours that is one parameter of the agent.</summary>
/// <param name="Attribute">Our attribute's name.</param>
/// <param name="Parameter">The agent's.</param>
/// <param name="Unless">A value that is not passed, since it means what the agent does by itself; null where every one is.</param>
/// <param name="IsDirectory">True where the agent takes the directory of the file that ours names.</param>
public sealed record ParameterMap(string Attribute, string Parameter, string? Unless = null, bool IsDirectory = false);
