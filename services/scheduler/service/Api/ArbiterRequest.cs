namespace Quorate.Scheduler.Service.Api;

/// <summary>The body of <c>POST /api/arbiter/accept</c>.</summary>
/// <param name="Era">The era of the database that went back, as <c>GET /api/arbiter</c> shows it; from 1.</param>
/// <param name="RequestId">Idempotence key, 1 to 200 characters; made here when missing.</param>
public sealed record ArbiterRequest(int Era, string? RequestId = null);
