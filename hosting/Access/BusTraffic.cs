using System.Collections.Immutable;
using Quorate.Contracts.V1;
using static Quorate.Hosting.Access.BusParty;

namespace Quorate.Hosting.Access;

/// <summary>
/// Who says what on the bus, and who hears it: the permissions at the broker follow from this, and nothing else says it. Commands are known by
/// their shape, so that a new one is allowed as the others are; every other message stands in <see cref="RouteOf"/>.
/// </summary>
public static class BusTraffic
{
    private const string Namespace = "Quorate.Contracts.V1";

    /// <summary>Every message of the contracts that has a route, by name.</summary>
    public static IReadOnlyList<BusRoute> Routes { get; } = [.. Messages().Select(RouteOf).OfType<BusRoute>()];

    /// <summary>Every record of the contracts that travels by itself, by name; those that are only parts of others are none.</summary>
    public static IReadOnlyList<Type> Messages()
    {
        Type[] records = [.. typeof(IServiceCommand).Assembly.GetExportedTypes()
            .Where(static type => type is { Namespace: Namespace, IsClass: true, IsAbstract: false })];
        HashSet<Type> parts = [.. records.SelectMany(static record => record.GetProperties())
            .SelectMany(static property => property.PropertyType.GetGenericArguments().Append(property.PropertyType))];
        return [.. records.Where(record => !parts.Contains(record)).OrderBy(static record => record.Name, StringComparer.Ordinal)];
    }

    /// <summary>The way of one message; null for one that nobody may say yet.</summary>
    public static BusRoute? RouteOf(Type message) => message.Name switch
    {
        // Questions are the only thing that an observer may publish.
        var name when typeof(IQuery).IsAssignableFrom(message) => Published(name, [Operator, Observer], [Scheduler]),
        nameof(ApplyConfiguration) => Published(nameof(ApplyConfiguration), [Scheduler, Operator], [Scheduler]),
        var name when typeof(IServiceCommand).IsAssignableFrom(message) => Published(name, [Scheduler, Operator], [Scheduler]),
        nameof(CommandAnswered) => Event(nameof(CommandAnswered), [Quorum, Scheduler], [Scheduler]),
        // Every other command is an order about a node or the cluster.
        var name when typeof(ICommand).IsAssignableFrom(message) => Published(name, [Scheduler, Operator], [Quorum]),

        nameof(MembershipChanged) => Event(nameof(MembershipChanged), [Quorum], [Scheduler]),
        nameof(QuorumFormed) => Event(nameof(QuorumFormed), [Quorum], []),
        nameof(QuorumDissolved) => Event(nameof(QuorumDissolved), [Quorum], [Executor]),
        nameof(ArbiterSeen) => Event(nameof(ArbiterSeen), [Quorum], [Quorum, Scheduler]),
        nameof(FenceAttempted) => Event(nameof(FenceAttempted), [Quorum], [Scheduler]),
        nameof(ServiceTransitioned) => Event(nameof(ServiceTransitioned), [Scheduler], []),
        nameof(MessageRaised) => Event(nameof(MessageRaised), [Quorum, Scheduler, Executor, Rmtab], [Scheduler]),
        nameof(ServiceStatusFailed) => Event(nameof(ServiceStatusFailed), [Executor], [Scheduler]),
        nameof(OperationEnded) => Event(nameof(OperationEnded), [Executor], [Scheduler]),

        nameof(NodeHeartbeat) => Published(nameof(NodeHeartbeat), [Executor], [Quorum]),
        nameof(NodeInventory) => Published(nameof(NodeInventory), [Executor], [Scheduler]),
        nameof(RequestConfiguration) => Published(nameof(RequestConfiguration), [Executor], [Scheduler]),
        nameof(RequestMembership) => Published(nameof(RequestMembership), [Scheduler], [Quorum]),
        // No event for everybody: a cluster.conf holds the passwords of fence devices.
        nameof(ConfigurationPublished) => Published(nameof(ConfigurationPublished), [Scheduler], [Quorum, Scheduler, Executor]),
        nameof(OperateService) => new BusRoute(nameof(OperateService), [Scheduler], [Executor], IsSent: true),
        nameof(HeartbeatAnswer) => new BusRoute(nameof(HeartbeatAnswer), [Quorum], [Executor], IsSent: true),
        // Answers to questions go to the queue that the asker named.
        nameof(ServiceHistory) or nameof(NotFound) => new BusRoute(message.Name, [Scheduler], [Operator, Observer], IsSent: true),
        // The records of NFS state are between the keepers of it.
        var name when name.StartsWith("Rmtab", StringComparison.Ordinal) => Published(name, [Rmtab], [Rmtab]),
        _ => null,
    };

    private static BusRoute Published(string name, ImmutableSortedSet<BusParty> senders, ImmutableSortedSet<BusParty> receivers) =>
        new(name, senders, receivers);

    /// <summary>What operators and observers may hear as well.</summary>
    private static BusRoute Event(string name, ImmutableSortedSet<BusParty> senders, ImmutableSortedSet<BusParty> receivers) =>
        new(name, senders, receivers.Union([Operator, Observer]));
}
