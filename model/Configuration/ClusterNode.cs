using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Fencing;

namespace Quorate.Model.Configuration;

/// <summary>One <c>clusternode</c>.</summary>
/// <param name="Name"><c>@name</c>.</param>
/// <param name="Id"><c>@nodeid</c>, from 1; 0 where it is missing.</param>
/// <param name="Votes"><c>@votes</c>, 0 to 255; 1 where it is missing.</param>
public sealed record ClusterNode(NodeName Name, int Id, int Votes)
{
    /// <summary>How a device can cut it off, in the order to try; only methods all of whose devices are defined.</summary>
    public ImmutableArray<FenceMethod> FenceMethods { get; init; } = [];

    /// <summary>
    /// <c>@on_lease_loss="keep"</c>: without a lease it goes on running what it runs. True only with a fence device, since no time fences it.
    /// </summary>
    public bool KeepsOnLeaseLoss { get; init; }

    /// <summary>True when at least one method can be tried.</summary>
    public bool HasFenceDevice => !FenceMethods.IsEmpty;
}
