namespace Quorate.Scheduler.Service.Api;

/// <summary>The body of <c>POST /api/services/{name}/{command}</c>; every field may be missing.</summary>
/// <param name="Node">The target node, where the command takes one.</param>
/// <param name="RequestId">Idempotence key, 1 to 200 characters; made here when missing.</param>
/// <param name="Incarnation">acknowledge-fence alone: which life of the node is meant; the present one when missing.</param>
public sealed record CommandRequest(string? Node, string? RequestId, string? Incarnation = null);
