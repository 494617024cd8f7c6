using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>Finds what a new configuration does to each service.</summary>
/// <remarks>Source: rgmanager.md 2.9, service-level and its exception for migratory roots.</remarks>
internal sealed class ServiceDeltas(ClusterConfiguration before, ClusterConfiguration after, Func<ResourceNode, DefinitionDelta> definitions)
{
    private const string MigrateAction = "migrate";

    /// <summary>The services that differ: those the old configuration has in its order, then the new ones in theirs.</summary>
    public ImmutableArray<ServiceDelta> Find() =>
    [
        .. before.Services.Select(service => Between(service, after.FindService(service.Name))).OfType<ServiceDelta>(),
        .. after.Services.Where(service => before.FindService(service.Name) is null).Select(Added),
    ];

    private ServiceDelta? Between(ServiceDefinition old, ServiceDefinition? present) =>
        present is null ? Removed(old)
        : definitions(present.Tree) is { Kind: DeltaKind.Changed } root ? Replaced(old, present, root)
        : Adjusted(old, present);

    private ServiceDelta Added(ServiceDefinition service)
    {
        const string New = "it is new";
        TreeComparison trees = new(definitions);
        trees.Start(service.Tree, New);
        return new ServiceDelta
        {
            Name = service.Name,
            Kind = ServiceDeltaKind.Added,
            Reason = service.IsAutostart ? New : "autostart is off, so it waits until it is enabled",
            After = service,
            Down = [],
            Up = [.. trees.Up(service.Tree)],
            IsLeftAsFound = IsLeftAsFound(service.Tree),
        };
    }

    private ServiceDelta Removed(ServiceDefinition service)
    {
        const string Gone = "it is no longer configured";
        bool isLeftRunning = IsLeftRunning(service.Tree);
        TreeComparison trees = new(definitions);
        trees.Stop(service.Tree, Gone);
        return new ServiceDelta
        {
            Name = service.Name,
            Kind = ServiceDeltaKind.Removed,
            Reason = isLeftRunning ? $"{Gone}; a {service.Tree.Type.Name} without resources below it is not stopped for that" : Gone,
            Before = service,
            Down = isLeftRunning ? [] : [.. trees.Down(service.Tree)],
            Up = [],
            IsLeftRunning = isLeftRunning,
        };
    }

    private ServiceDelta Replaced(ServiceDefinition old, ServiceDefinition present, DefinitionDelta root)
    {
        bool isLeftRunning = IsLeftRunning(old.Tree);
        bool isLeftAsFound = IsLeftAsFound(present.Tree);
        bool isKept = isLeftRunning && isLeftAsFound;
        TreeComparison trees = new(definitions);
        trees.Stop(old.Tree, root.Reason);
        trees.Start(present.Tree, root.Reason);
        return new ServiceDelta
        {
            Name = old.Name,
            Kind = ServiceDeltaKind.Replaced,
            Reason = isKept ? $"{root.Reason}; it runs on as it was started, and the change takes effect with its next start" : root.Reason,
            Before = old,
            After = present,
            Down = isKept ? [] : [.. trees.Down(old.Tree)],
            Up = isKept ? [] : [.. trees.Up(present.Tree)],
            IsLeftRunning = isLeftRunning,
            IsLeftAsFound = isLeftAsFound,
        };
    }

    private ServiceDelta? Adjusted(ServiceDefinition old, ServiceDefinition present)
    {
        TreeComparison trees = new(definitions);
        trees.Compare(old.Tree, present.Tree);
        ImmutableArray<ResourceOperation> down = [.. trees.Down(old.Tree)];
        ImmutableArray<ResourceOperation> up = [.. trees.Up(present.Tree)];
        return down.IsEmpty && up.IsEmpty ? null : new ServiceDelta
        {
            Name = old.Name,
            Kind = ServiceDeltaKind.Adjusted,
            Reason = Count(down, up),
            Before = old,
            After = present,
            Down = down,
            Up = up,
        };
    }

    private static string Count(ImmutableArray<ResourceOperation> down, ImmutableArray<ResourceOperation> up)
    {
        int starts = up.Count(operation => operation.Kind == OperationKind.Start);
        IEnumerable<string> counts = new[] { (down.Length, "stop"), (starts, "start"), (up.Length - starts, "take over new values") }
            .Where(count => count.Item1 > 0)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Item1} {count.Item2}"));
        return $"it keeps running; of its resources {string.Join(", ", counts)}";
    }

    private static bool IsLeftRunning(ResourceNode root) => !root.Type.IsStoppedOnDelete && IsMigratory(root);

    private static bool IsLeftAsFound(ResourceNode root) => !root.Type.IsInitializedOnAdd && IsMigratory(root);

    private static bool IsMigratory(ResourceNode root) => root.Children.IsEmpty && root.Type.Actions.Any(action => action.Name == MigrateAction);
}
