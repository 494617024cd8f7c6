namespace Quorate.Quorum.Core.Maintenance;

/// <summary>A command to switch maintenance on or off, as it was taken.</summary>
/// <param name="RequestId">For the answer.</param>
/// <param name="IsOn">What is wanted.</param>
/// <param name="Change">The arbiter's count of changes with it; a higher one means that somebody switched again.</param>
/// <param name="AskedAt">When it was taken, by the clock of the replica that took it. It bounds the wait for an answer and nothing else.</param>
public sealed record MaintenanceRequest(string RequestId, bool IsOn, long Change, DateTimeOffset AskedAt);
