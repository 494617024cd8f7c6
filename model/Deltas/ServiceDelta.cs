using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Model.Deltas;

/// <summary>What a new configuration does to one service, and why.</summary>
/// <remarks>
/// The down-phase of all services comes before the up-phase of any: a resource may move from one service to another. Source: rgmanager.md
/// 2.9. Previously (rgmanager) changed siblings stopped in start order, and untyped ones started before typed ones. Now stops come in
/// stop order and starts in start order (DESIGN 9).
/// </remarks>
public sealed record ServiceDelta
{
    public required ServiceName Name { get; init; }

    public required ServiceDeltaKind Kind { get; init; }

    /// <summary>Why, as a sentence continues after the service's name.</summary>
    public required string Reason { get; init; }

    /// <summary>Null where it is added.</summary>
    public ServiceDefinition? Before { get; init; }

    /// <summary>Null where it is removed.</summary>
    public ServiceDefinition? After { get; init; }

    /// <summary>What stops, in stop order, if the service runs.</summary>
    public required ImmutableArray<ResourceOperation> Down { get; init; }

    /// <summary>True for a new service that nobody starts before it is enabled.</summary>
    public bool WaitsForEnable => Kind == ServiceDeltaKind.Added && After is { IsAutostart: false };

    /// <summary>What starts or is reconfigured, in start order: at once where it is adjusted, otherwise when the service is started.</summary>
    public required ImmutableArray<ResourceOperation> Up { get; init; }

    /// <summary>
    /// True where the old service's type is one that no configuration stops: a <c>vm</c> without children. Removed, it runs on, unwatched;
    /// replaced by such a one, it runs on as it was started.
    /// </summary>
    public bool IsLeftRunning { get; init; }

    /// <summary>True where the new service's type is one that is not stopped before it is first placed: a <c>vm</c> without children.</summary>
    public bool IsLeftAsFound { get; init; }
}
