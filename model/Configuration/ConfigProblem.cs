namespace Quorate.Model.Configuration;

/// <summary>One finding in a configuration, where it stands and what to do about it.</summary>
/// <param name="Severity">Error: something was skipped or cannot work. Warning: it works, perhaps not as meant.</param>
/// <param name="Code"><c>#NN</c> for a message of the catalogue, <c>QNNNN</c> for our own; always present.</param>
/// <param name="Line">From 1; 0 when it concerns the whole file.</param>
/// <param name="Text">One sentence or two: what is wrong, and what was done or should be done.</param>
public sealed record ConfigProblem(ConfigSeverity Severity, string Code, int Line, string Text);
