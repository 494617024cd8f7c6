using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Scheduler.Core;

/// <summary>What the configuration in force wants of a service that runs by an older one.</summary>
/// <remarks>
/// Derived from what runs and what is in force, never from the order to change: whatever was lost, interrupted or frozen in between, the
/// next look finds it again (rule S13). Source: rgmanager.md 2.9; scenarios 18 to 21.
/// </remarks>
/// <param name="Kind">What has to happen.</param>
/// <param name="Down">What of it stops, as <c>type:name</c>: until then nobody may start these (they may have moved to another service).</param>
/// <param name="Up">What of it starts that did not run so: nobody else who still has to stop these may hold them by then.</param>
/// <param name="Reason">Why, as a sentence continues after the service's name.</param>
public sealed record ServiceChange(ServiceChangeKind Kind, ImmutableSortedSet<string> Down, ImmutableSortedSet<string> Up, string Reason)
{
    /// <summary>Finds what two configurations mean for a service that runs by the first of them; null for nothing.</summary>
    /// <param name="record">The service.</param>
    /// <param name="before">The configuration by which it runs.</param>
    /// <param name="after">The one in force.</param>
    /// <param name="delta">What lies between them.</param>
    public static ServiceChange? Of(ServiceRecord record, ClusterConfiguration before, ClusterConfiguration after, ConfigurationDelta delta) =>
        Between(before, after, delta, record.Name)
        // What has stopped for one configuration is still to start when the next one is as the first was.
        ?? (record.PrunedFor is null ? null : new ServiceChange(ServiceChangeKind.Adjust, [], [], "what stopped for a configuration since replaced starts again"));

    private static ServiceChange? Between(ClusterConfiguration before, ClusterConfiguration after, ConfigurationDelta delta, ServiceName service)
    {
        if (delta.Find(service) is not { } found)
        {
            bool isAlike = before.FindService(service) is not { } old || after.FindService(service) is not { } present
                || TreeLikeness.AreAlike(old.Tree, present.Tree);
            return isAlike ? null : new ServiceChange(ServiceChangeKind.Adjust, [], [], "it keeps running; how it is checked or recovered changes");
        }

        ImmutableSortedSet<string> down = [.. found.Down.Select(operation => operation.Node.Label)];
        ImmutableSortedSet<string> up = Gains(found, delta);
        return found.Kind switch
        {
            ServiceDeltaKind.Removed => new ServiceChange(found.IsLeftRunning ? ServiceChangeKind.Release : ServiceChangeKind.Stop, down, up, found.Reason),
            ServiceDeltaKind.Replaced when found is { Down.IsEmpty: true, Up.IsEmpty: true } => null,
            ServiceDeltaKind.Replaced => new ServiceChange(ServiceChangeKind.Replace, down, up, found.Reason),
            ServiceDeltaKind.Adjusted => new ServiceChange(ServiceChangeKind.Adjust, down, up, found.Reason),
            _ => null,
        };
    }

    /// <summary>
    /// What of it starts that it did not have. One that is replaced starts all of its resources anew, and those that are as they were it may go on
    /// sharing with whoever has them too.
    /// </summary>
    private static ImmutableSortedSet<string> Gains(ServiceDelta found, ConfigurationDelta delta)
    {
        HashSet<string> had = found is { Kind: ServiceDeltaKind.Replaced, Before: { } before } ? [.. ResourceOrder.Start(before.Tree).Select(node => node.Label)] : [];
        return
        [
            .. found.Up.Where(operation => operation.Kind == OperationKind.Start && (delta.Of(operation.Node).NeedsStart || !had.Contains(operation.Node.Label)))
                .Select(operation => operation.Node.Label),
        ];
    }
}
