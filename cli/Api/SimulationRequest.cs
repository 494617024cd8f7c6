namespace Quorate.Cli.Api;

/// <summary>What would have happened; all of it counts together.</summary>
internal sealed record SimulationRequest
{
    /// <summary>Nodes that would be gone, and proven to run nothing.</summary>
    public IReadOnlyList<string> Down { get; init; } = [];

    /// <summary>Services that would be enabled then.</summary>
    public IReadOnlyList<string> Enable { get; init; } = [];

    /// <summary>Services that would be disabled then.</summary>
    public IReadOnlyList<string> Disable { get; init; } = [];

    /// <summary>Services that would be relocated then.</summary>
    public IReadOnlyList<string> Relocate { get; init; } = [];

    /// <summary>The text of a configuration that would come into force; null for none.</summary>
    public string? Configuration { get; init; }
}
