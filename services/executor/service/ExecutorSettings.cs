using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Executor.Service;

/// <summary>One executor's settings, checked.</summary>
public sealed record ExecutorSettings
{
    /// <summary>Which <c>clusternode</c> this is.</summary>
    public required NodeName Node { get; init; }

    /// <summary>Where operations and configurations are kept; the guard keeps its journal in a directory of its own.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Base addresses of the quorum replicas; empty where heartbeats go over the bus only.</summary>
    public ImmutableArray<Uri> QuorumUrls { get; init; } = [];

    /// <summary>Holds the token for those replicas; null where they ask for none.</summary>
    public string? TokenFile { get; init; }
}
