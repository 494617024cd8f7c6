namespace Quorate.Tests.Storm.Orders;

/// <summary>A command of an operator who does not care what is broken just then.</summary>
/// <param name="At">When, since the round began.</param>
/// <param name="RequestId">Its own; the same command asked again has the same.</param>
/// <param name="Verb"><c>enable disable stop restart relocate</c>.</param>
/// <param name="Node">The node meant; null for the best.</param>
/// <param name="IsOnBus">Published as plain JSON, not posted to a scheduler.</param>
/// <param name="Door">0 or 1: which scheduler is asked first.</param>
internal sealed record Order(TimeSpan At, string RequestId, string Service, string Verb, string? Node, bool IsOnBus, int Door);
