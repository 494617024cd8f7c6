namespace Quorate.Tests.Integration.Cli;

/// <summary>What is left of a command that ended.</summary>
internal sealed record CommandEnd(int Code, string Output, string Error);
