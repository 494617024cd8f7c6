namespace Quorate.Model.Resources;

/// <summary>One parameter of a resource type.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="IsPrimary">Names the resource; exactly one parameter of a type.</param>
/// <param name="IsUnique">No two resources of the type may share a value.</param>
/// <param name="IsRequired">A resource without it is not loaded.</param>
/// <param name="IsReconfigurable">May change while the resource runs.</param>
/// <param name="Inherit"><c>attr</c> or <c>type%attr</c>; null where it is not inherited.</param>
/// <param name="Default">Null where there is none.</param>
public sealed record ResourceParameter(
    string Name, bool IsPrimary, bool IsUnique, bool IsRequired, bool IsReconfigurable, string? Inherit, string? Default);
