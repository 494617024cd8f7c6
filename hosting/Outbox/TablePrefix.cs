namespace Quorate.Hosting.Outbox;

/// <summary>What the names of a service's own tables begin with: <c>scheduler</c> owns <c>scheduler_outbox</c> and <c>scheduler_inbox</c>.</summary>
public sealed record TablePrefix
{
    /// <param name="value">1 to 30 of a-z and underscore.</param>
    /// <exception cref="ArgumentException">Anything else; the text becomes part of statements.</exception>
    public TablePrefix(string value)
    {
        if (value.Length is 0 or > 30 || value.Any(static c => !char.IsAsciiLetterLower(c) && c != '_'))
        {
            throw new ArgumentException($"'{value}' is no table prefix: 1 to 30 of a-z and _", nameof(value));
        }
        Value = value;
    }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>Messages that are committed and not yet sent.</summary>
    public string Outbox => $"{Value}_outbox";

    /// <summary>Messages that were consumed.</summary>
    public string Inbox => $"{Value}_inbox";

    /// <summary>Who waits for the answer to a command that was taken and has none yet.</summary>
    public string Reply => $"{Value}_reply";

    /// <summary>Answers that are committed and not yet sent; apart from the outbox, so that no asker's queue holds up an order.</summary>
    public string ReplyOutbox => $"{Value}_reply_outbox";

    /// <summary>The tables, as migrations.</summary>
    internal IReadOnlyList<string> Migrations =>
    [
        $"""
        CREATE TABLE {Outbox} (
            id {"{identity}"}, message_id TEXT NOT NULL, message_type TEXT NOT NULL, exchange TEXT, ordering_key TEXT NOT NULL,
            body TEXT NOT NULL, written_at BIGINT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, is_parked INTEGER NOT NULL DEFAULT 0,
            failure TEXT)
        """,
        $"""
        CREATE TABLE {Inbox} (
            message_id TEXT NOT NULL, consumer TEXT NOT NULL, received_at BIGINT NOT NULL, PRIMARY KEY (message_id, consumer))
        """,
        // For the cleaning: without it every ten minutes reads a week of messages.
        $"CREATE INDEX {Inbox}_received_at ON {Inbox} (received_at)",
        // For whoever asks whether something about a service still waits, while the broker is away and the table long.
        $"CREATE INDEX {Outbox}_ordering_key ON {Outbox} (ordering_key)",
        // Not used any more: answers wait in a table of their own, further down.
        $"ALTER TABLE {Outbox} ADD COLUMN reply_to TEXT",
        $"CREATE TABLE {Reply} (request_id TEXT NOT NULL, address TEXT NOT NULL, asked_at BIGINT NOT NULL, PRIMARY KEY (request_id, address))",
        $"CREATE INDEX {Reply}_asked_at ON {Reply} (asked_at)",
        // Where the trace goes on when the message is sent (W3C trace context).
        $"ALTER TABLE {Outbox} ADD COLUMN trace_parent TEXT",
        $"ALTER TABLE {Outbox} ADD COLUMN trace_state TEXT",
        $"""
        CREATE TABLE {ReplyOutbox} (
            id {"{identity}"}, message_id TEXT NOT NULL, message_type TEXT NOT NULL, request_id TEXT NOT NULL, address TEXT NOT NULL,
            body TEXT NOT NULL, written_at BIGINT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, trace_parent TEXT, trace_state TEXT)
        """,
        // Both places have the request's id: it was the ordering key.
        $"""
        INSERT INTO {ReplyOutbox} (message_id, message_type, request_id, address, body, written_at, trace_parent, trace_state)
        SELECT message_id, message_type, ordering_key, reply_to, body, written_at, trace_parent, trace_state FROM {Outbox} WHERE reply_to IS NOT NULL
        """,
        $"DELETE FROM {Outbox} WHERE reply_to IS NOT NULL",
    ];
}
