using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Core;

/// <summary>Everything a decision about one service may look at.</summary>
public sealed record ServiceSituation
{
    public required ServiceRecord Service { get; init; }

    /// <summary>The configuration in force; <see cref="Definition"/> is the service's part of it.</summary>
    public required ClusterConfiguration Configuration { get; init; }

    public required MembershipView Membership { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required OperationTimeouts Timeouts { get; init; }

    /// <summary>
    /// The other services as they were read, unlocked, for a command that should be refused where they are in its way; empty for everything
    /// else. They may have moved since: they may refuse what would be tried in vain, and never permit anything.
    /// </summary>
    public ImmutableArray<ServiceRecord> Others { get; init; } = [];

    /// <summary>Those of <see cref="Others"/> that are parked: they stand where they stand.</summary>
    public ImmutableHashSet<ServiceName> Parked { get; init; } = [];

    /// <summary>Null when the service is no longer configured.</summary>
    public ServiceDefinition? Definition => Configuration.FindService(Service.Name);

    /// <summary>What is known about the owner's incarnation; null without owner.</summary>
    internal OwnerStanding? OwnerStanding => Service is { Owner: { } owner, OwnerIncarnation: { } incarnation }
        ? Membership.Of(owner, incarnation, Service.Generation)
        : null;
}
