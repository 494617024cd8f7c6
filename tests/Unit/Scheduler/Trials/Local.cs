using Quorate.Contracts.V1;
using Quorate.Executor.Core.Operations;

namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>One service on one machine: what its executor has taken and journalled, and what truly runs.</summary>
internal sealed class Local
{
    /// <summary>The newest order taken; it may still wait in <see cref="Line"/>.</summary>
    public TakenOperation? Taken { get; set; }

    /// <summary>Orders that were taken and are not carried out.</summary>
    public Queue<OperateService> Line { get; } = [];

    /// <summary>True while the journal says that it may run here; what the guard would stop.</summary>
    public bool MayRun { get; set; }

    /// <summary>The truth.</summary>
    public bool Runs { get; set; }

    public bool IsPartial { get; set; }

    /// <summary>The epoch of the start by which it runs; 0 before the first.</summary>
    public long StartEpoch { get; set; }

    /// <summary>The configuration by which it was started, or follows since; null before the first.</summary>
    public string? Digest { get; set; }
}
