using Quorate.Contracts;

namespace Quorate.Executor.Guard.Journal;

/// <summary>What this node does when its lease runs out: on disk before it is done.</summary>
internal sealed record LeaseLossRecord(OnLeaseLoss OnLeaseLoss);
