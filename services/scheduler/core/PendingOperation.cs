using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>An operation ordered and not yet answered. Its epoch is the record's <see cref="ServiceRecord.Epoch"/>.</summary>
/// <param name="Action">What was ordered.</param>
/// <param name="Node">Of whom.</param>
/// <param name="Incarnation">Of which life of that node; only its answer counts (rule S8).</param>
/// <param name="Attempt">From 1; how often it was sent.</param>
/// <param name="Deadline">When it is sent again. A deadline never replaces an owner (rule S8).</param>
public sealed record PendingOperation(NodeAction Action, NodeName Node, Incarnation Incarnation, int Attempt, DateTimeOffset Deadline);
