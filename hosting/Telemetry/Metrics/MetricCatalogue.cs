using System.Collections.Immutable;

namespace Quorate.Hosting.Telemetry.Metrics;

/// <summary>Every metric of every service, once. What is not in here cannot be measured, and docs/observability.md tells all that is.</summary>
public static class MetricCatalogue
{
    /// <summary>Numbered messages, counted when the transaction that raises them has committed.</summary>
    public static readonly MetricDefinition MessagesRaised = new(
        "quorate.messages_raised", MetricKind.Counter, "{message}", "Numbered messages raised by this process", ["number", "component", "severity"]);

    /// <summary>Transitions of services. A service's name is a label: names come from cluster.conf alone, no message can add one.</summary>
    public static readonly MetricDefinition Transitions = new(
        "quorate.transitions", MetricKind.Counter, "{transition}", "Transitions of services from one state to another, stored by this process",
        ["from", "to", "service"]);

    /// <summary>Runs of resource agents. The type is the resource's, <c>ip</c>, and not its name: there are fewer of them.</summary>
    public static readonly MetricDefinition AgentDuration = new(
        "quorate.agent_duration", MetricKind.Histogram, "s", "How long runs of resource agents took", ["type", "action", "outcome"])
    {
        Bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    };

    /// <summary>What is left of leases.</summary>
    public static readonly MetricDefinition LeaseMargin = new(
        "quorate.lease_margin", MetricKind.Gauge, "s", "Time left until the lease of a node runs out; negative for one that is held beyond its end", ["node"]);

    /// <summary>Messages in the broker's queues.</summary>
    public static readonly MetricDefinition QueueDepth = new(
        "quorate.queue_depth", MetricKind.Gauge, "{message}", "Messages that wait in a queue of the broker to be handed out", ["queue"]);

    /// <summary>Messages that failed.</summary>
    public static readonly MetricDefinition MessagesParked = new(
        "quorate.messages_parked", MetricKind.Gauge, "{message}", "Messages that failed and wait for an operator, by the queue or outbox they failed in", ["queue"]);

    /// <summary>The oldest row of an outbox.</summary>
    public static readonly MetricDefinition OutboxAge = new(
        "quorate.outbox_age", MetricKind.Gauge, "s", "Age of the oldest message that is committed and not yet sent; 0 when all are sent", ["outbox"]);

    /// <summary>The rows of an outbox.</summary>
    public static readonly MetricDefinition OutboxWaiting = new(
        "quorate.outbox_waiting", MetricKind.Gauge, "{message}", "Messages that are committed and not yet sent", ["outbox"]);

    /// <summary>Services by state, each state always there.</summary>
    public static readonly MetricDefinition Services = new(
        "quorate.services", MetricKind.Gauge, "{service}", "Services in a state", ["state"]);

    /// <summary>Nodes by state, each state always there.</summary>
    public static readonly MetricDefinition Nodes = new(
        "quorate.nodes", MetricKind.Gauge, "{node}", "Nodes in a state", ["state"]);

    /// <summary>Whether leases are granted at all.</summary>
    public static readonly MetricDefinition Quorate = new(
        "quorate.quorate", MetricKind.Gauge, "", "1 while the cluster is quorate, 0 while it is not", []);

    /// <summary>All of them, by name.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        AgentDuration, LeaseMargin, MessagesParked, MessagesRaised, Nodes, OutboxAge, OutboxWaiting, Quorate, QueueDepth, Services, Transitions,
    ];
}
