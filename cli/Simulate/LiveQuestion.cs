namespace Quorate.Cli.Simulate;

/// <summary>What a running cluster is asked, as it was typed. Names of nodes hold no commas, names of services may.</summary>
internal sealed record LiveQuestion(string[] Down, string[] Enable, string[] Disable, string[] Relocate, string? ConfigurationFile);
