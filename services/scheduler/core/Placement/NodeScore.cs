using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>One node as the planner saw it for one service.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Score">Its failover domain score, before load.</param>
/// <param name="Objection">Why it cannot be taken although its score would allow; null when it can.</param>
public readonly record struct NodeScore(NodeName Node, Score Score, string? Objection);
