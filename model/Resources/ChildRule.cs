namespace Quorate.Model.Resources;

/// <summary>One row of a type's child table.</summary>
/// <param name="Type">The child's type.</param>
/// <param name="StartLevel">1 to 100; 0 where none is given.</param>
/// <param name="StopLevel">1 to 100; 0 where none is given.</param>
/// <param name="IsForbidden">Such a child is not allowed below this type.</param>
public sealed record ChildRule(string Type, int StartLevel, int StopLevel, bool IsForbidden);
