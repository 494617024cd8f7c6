using System.Collections.Immutable;
using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Operations;

/// <summary>The newest operation this incarnation has taken for a service; stored before it runs and again with its answer.</summary>
/// <param name="Order">As it came.</param>
/// <param name="Answer">Null while it runs.</param>
public sealed record TakenOperation(OperateService Order, OperationEnded? Answer)
{
    /// <summary>What was left stopped of the service since its start because it failed and is not critical, as <c>type:name</c>.</summary>
    public ImmutableArray<string> LeftStopped { get; init; } = [];

    /// <summary>The W3C traceparent of what ordered it, so that an executor that is started anew goes on there; null when nobody recorded it.</summary>
    public string? Trace { get; init; }

    /// <summary>True while it has no answer.</summary>
    public bool IsBusy => Answer is null;
}
