using Quorate.Contracts;
using Quorate.Hosting.Bus;

namespace Quorate.Hosting.Access;

/// <summary>The permissions at the broker that follow from <see cref="BusTraffic"/>: what each user needs, and nothing else.</summary>
/// <remarks>
/// Our programs speak through MassTransit, which declares an exchange again before it publishes or subscribes to it, so whoever publishes has to
/// configure, too. Answers go to the queues that their askers name, by the default exchange. Operators and observers speak plain AMQP and
/// configure nothing but queues and exchanges of their own.
/// </remarks>
public static class BusPermissions
{
    /// <summary>The exchange without a name, as the broker calls it in permissions: it leads to every queue.</summary>
    private const string DefaultExchange = @"amq\.default";

    /// <summary>Queues whose names the broker makes.</summary>
    private const string UnnamedQueues = @"amq\.gen.+";

    /// <summary>Where each program hears its own <c>BusPing</c>.</summary>
    private const string Probes = @"probe\..+";

    /// <summary>Where the transport tells that a handler failed; nobody of ours listens.</summary>
    private const string Faults = "MassTransit:(Receive)?Fault.*";

    private const string Executors = @"executor\..+";

    /// <summary>What the scheduler shows of what is parked, and puts back.</summary>
    private const string Parked = @"(quorum|executor)\..+_(error|skipped|dead)";

    /// <summary>Where answers to questions go.</summary>
    private const string Askers = @"(operator|observer)\..+";

    /// <summary>The users of a cluster with what each may do.</summary>
    /// <param name="prefix"><c>Quorate:BusPrefix</c>.</param>
    /// <param name="nodes">Each gets a user <c>executor.NODE</c> that can be no other node; empty makes one user <c>executor</c> for all.</param>
    public static IReadOnlyList<BusGrant> Of(string prefix, IReadOnlyList<NodeName> nodes) =>
    [
        .. Enum.GetValues<BusParty>().Where(static party => party != BusParty.Executor).Select(party => Of(party, prefix, null)),
        .. nodes.Count == 0
            ? [Of(BusParty.Executor, prefix, null)]
            : nodes.Select(node => Of(BusParty.Executor, prefix, node)).DistinctBy(static permission => permission.User),
    ];

    /// <summary>What one party may do.</summary>
    /// <param name="party">Which.</param>
    /// <param name="prefix"><c>Quorate:BusPrefix</c>.</param>
    /// <param name="node">Of an executor: its node, or null for any.</param>
    public static BusGrant Of(BusParty party, string prefix, NodeName? node)
    {
        bool isPerson = party is BusParty.Operator or BusParty.Observer;
        string own = Own(party, node);
        string[] published = [.. BusTraffic.Routes.Where(route => !route.IsSent && route.Senders.Contains(party)).Select(static route => route.Message)];
        string[] heard = [.. BusTraffic.Routes.Where(route => !(isPerson && route.IsSent) && route.Receivers.Contains(party)).Select(static route => route.Message)];
        if (isPerson)
        {
            return new BusGrant(
                NameOf(party, node), Pattern(prefix, [own], [UnnamedQueues]), Pattern(prefix, [own, .. published], [UnnamedQueues]),
                Pattern(prefix, [own, .. heard], [UnnamedQueues]));
        }
        string[] mine = [own, Probes, Faults];
        string[] sentTo = [.. party is BusParty.Quorum or BusParty.Scheduler ? [Executors] : Array.Empty<string>(), .. party == BusParty.Scheduler ? [Askers] : Array.Empty<string>()];
        return new BusGrant(
            NameOf(party, node),
            Pattern(prefix, [.. mine, .. published, .. heard.Except(published), .. sentTo], []),
            Pattern(prefix, [.. mine, .. published, .. sentTo], party is BusParty.Quorum or BusParty.Scheduler ? [DefaultExchange] : []),
            Pattern(prefix, [.. mine, .. heard, .. party == BusParty.Scheduler ? [Parked] : Array.Empty<string>()], []));
    }

    /// <summary>The user's name: the party's, and of an executor its node's.</summary>
    public static string NameOf(BusParty party, NodeName? node) => party.ToString().ToLowerInvariant() + (node is { } one ? $".{Plain(one)}" : "");

    private static string Own(BusParty party, NodeName? node) =>
        // No dot in the last part, the incarnation: n1 must not read what is for a node n1.b.
        node is { } one ? $@"executor\.{Literal(Plain(one))}\.[^.]+" : $@"{party.ToString().ToLowerInvariant()}\..+";

    /// <summary>A node's name as its queue has it.</summary>
    private static string Plain(NodeName node) => QueueNames.Executor(node, new Incarnation(""))["executor.".Length..^1];

    private static string Pattern(string prefix, IReadOnlyList<string> names, IReadOnlyList<string> unprefixed) =>
        $"^({string.Join('|', [$"{Literal(prefix)}({string.Join('|', names)})", .. unprefixed])})$";

    /// <summary>Prefixes and node names hold letters, digits and <c>- _ .</c>, of which only the dot means something.</summary>
    private static string Literal(string text) => text.Replace(".", @"\.", StringComparison.Ordinal);
}
