using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Resources;

namespace Quorate.Model.Configuration;

/// <summary>One service: the root of a resource tree, with what decides where and when it runs.</summary>
/// <remarks>Source: rgmanager.md 1.4, with the booleans of DESIGN 9 (1, yes, true and on are all true).</remarks>
public sealed record ServiceDefinition
{
    public required ServiceName Name { get; init; }

    /// <summary>The failover domain's name as written; null where none is given. It may name a domain that does not exist (#66).</summary>
    public string? Domain { get; init; }

    /// <summary>True where a never-run service starts by itself.</summary>
    public required bool IsAutostart { get; init; }

    /// <summary>0: shares nodes. 1 or more: runs alone on its node; the number is the priority among exclusive ones, 1 first.</summary>
    public required int Exclusive { get; init; }

    public required RecoveryPolicy Recovery { get; init; }

    /// <summary>How many local restarts within <see cref="RestartExpireTime"/>; 0 means no bound.</summary>
    public required int MaxRestarts { get; init; }

    /// <summary>After which time a restart no longer counts; zero means never.</summary>
    public required TimeSpan RestartExpireTime { get; init; }

    public StopFailurePolicy OnStopFailure { get; init; }

    /// <summary>From 0: lower ones are placed first, and win where not all can run.</summary>
    public int Priority { get; init; }

    /// <summary>What it asks of other services, in document order: <c>@depend</c> first, then <c>dependencies</c>.</summary>
    public ImmutableArray<ServiceDependency> Dependencies { get; init; } = [];

    /// <summary>The services that must run before this one starts.</summary>
    public IEnumerable<ServiceName> Needs =>
        Dependencies.Where(dependency => dependency.Require is Requirement.Start or Requirement.Always).Select(dependency => dependency.Target);

    /// <summary>The resources, resolved: references looked up, attributes inherited.</summary>
    public required ResourceNode Tree { get; init; }

    /// <summary>The line of its element in the configuration, from 1.</summary>
    public required int Line { get; init; }
}
