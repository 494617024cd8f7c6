namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>The body of <c>POST /api/simulate</c>: what would have happened. Every field may be missing, and all of them count together.</summary>
/// <param name="Down">Nodes that would be gone, and proven to run nothing.</param>
/// <param name="Enable">Services that an operator would enable then.</param>
/// <param name="Disable">Services that an operator would disable then.</param>
/// <param name="Relocate">Services that an operator would relocate then, to the best node there is.</param>
/// <param name="Configuration">A <c>cluster.conf</c> that would be put into force.</param>
public sealed record SimulationRequest(
    IReadOnlyList<string>? Down, IReadOnlyList<string>? Enable, IReadOnlyList<string>? Disable, IReadOnlyList<string>? Relocate, string? Configuration);
