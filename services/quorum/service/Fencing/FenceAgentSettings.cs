namespace Quorate.Quorum.Service.Fencing;

/// <summary>Where fence agents come from and how long one may take.</summary>
/// <param name="Directories">Searched in order; a configuration names agents, never paths.</param>
/// <param name="Timeout">After this an agent is killed with all its children.</param>
internal sealed record FenceAgentSettings(IReadOnlyList<string> Directories, TimeSpan Timeout);
