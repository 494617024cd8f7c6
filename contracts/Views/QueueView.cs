namespace Quorate.Contracts.Views;

/// <summary>One place where messages wait: a queue of the broker, or an outbox in the database. The schema is the same in the CLI and over HTTP.</summary>
public sealed record QueueView
{
    /// <summary>The queue's name without the bus prefix, or <c>SERVICE outbox</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Messages that wait to be handed out, or rows that wait to be sent; null when it could not be asked.</summary>
    public required long? Ready { get; init; }

    /// <summary>Messages handed out and not acknowledged; null where the broker does not say, as over plain AMQP.</summary>
    public long? Unacknowledged { get; init; }

    /// <summary>Who takes messages from it; null for an outbox and when it could not be asked.</summary>
    public long? Consumers { get; init; }

    /// <summary>Messages of it that failed and are parked; they wait for an operator.</summary>
    public required long Parked { get; init; }

    /// <summary>Why numbers are missing, or what is wrong; empty as a rule.</summary>
    public string Note { get; init; } = "";
}
