using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>A state that a service took and left within one decision; for the history.</summary>
/// <param name="State">Which.</param>
/// <param name="Owner">Who could run it meanwhile; null for nobody.</param>
/// <param name="Reason">Why it took that state.</param>
public sealed record Passage(ServiceState State, NodeName? Owner, string Reason);
