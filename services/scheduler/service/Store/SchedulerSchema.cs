namespace Quorate.Scheduler.Service.Store;

/// <summary>The scheduler's tables, forward only: a new version is a new entry, an old entry never changes.</summary>
/// <remarks>
/// Identifiers are text, instants are unix milliseconds, documents are JSON text: the same statements run on PostgreSQL and on
/// SQLite. A service's whole record is its document; the columns beside it are what queries and operators filter by. On PostgreSQL the
/// views of <see cref="SqlViews"/> show columns of these tables: a column that one of them shows keeps its name and type.
/// </remarks>
internal static class SchedulerSchema
{
    /// <summary>Who owns these tables, and their names' prefix.</summary>
    public const string Owner = "scheduler";

    /// <summary>In the order they are applied.</summary>
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE scheduler_service (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            owner TEXT,
            owner_incarnation TEXT,
            last_owner TEXT,
            epoch BIGINT NOT NULL,
            flags TEXT NOT NULL,
            restarts INTEGER NOT NULL,
            since BIGINT NOT NULL,
            reason TEXT NOT NULL,
            deadline BIGINT,
            retry_at BIGINT,
            awaits_transition INTEGER NOT NULL,
            held_on TEXT,
            document TEXT NOT NULL,
            version BIGINT NOT NULL,
            parked TEXT
        )
        """,
        "CREATE INDEX scheduler_service_owner ON scheduler_service (owner)",
        "CREATE INDEX scheduler_service_deadline ON scheduler_service (deadline)",
        "CREATE INDEX scheduler_service_state ON scheduler_service (state)",
        """
        CREATE TABLE scheduler_history (
            id {identity},
            service TEXT NOT NULL,
            at BIGINT NOT NULL,
            from_state TEXT NOT NULL,
            to_state TEXT NOT NULL,
            owner TEXT,
            epoch BIGINT NOT NULL,
            reason TEXT NOT NULL,
            cause TEXT NOT NULL
        )
        """,
        "CREATE INDEX scheduler_history_service ON scheduler_history (service, id)",
        """
        CREATE TABLE scheduler_operation (
            request_id TEXT PRIMARY KEY,
            operation TEXT NOT NULL UNIQUE,
            service TEXT NOT NULL,
            command TEXT NOT NULL,
            node TEXT,
            state TEXT NOT NULL,
            result TEXT,
            owner TEXT,
            reasons TEXT,
            requested_at BIGINT NOT NULL,
            answered_at BIGINT
        )
        """,
        """
        CREATE TABLE scheduler_membership (
            id INTEGER PRIMARY KEY,
            generation BIGINT NOT NULL,
            document TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE scheduler_configuration (
            digest TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            text TEXT NOT NULL,
            stored_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX scheduler_operation_state ON scheduler_operation (state)",
        "ALTER TABLE scheduler_operation ADD COLUMN is_refused INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE scheduler_fence_attempt (
            id {identity},
            node TEXT NOT NULL,
            at BIGINT NOT NULL,
            document TEXT NOT NULL
        )
        """,
        "CREATE INDEX scheduler_fence_attempt_node ON scheduler_fence_attempt (node, id)",
        """
        CREATE TABLE scheduler_inventory (
            node TEXT NOT NULL,
            incarnation TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            seen_at BIGINT NOT NULL,
            PRIMARY KEY (node, incarnation)
        )
        """,
        "ALTER TABLE scheduler_operation ADD COLUMN incarnation TEXT",
        // Commands about a node were stored as taken, which nothing sent again or answered.
        "UPDATE scheduler_operation SET state = 'accepted' WHERE state = 'taken' AND service = ''",
        // For the cleaning: without it every ten minutes reads a month of commands.
        "CREATE INDEX scheduler_operation_answered ON scheduler_operation (answered_at)",
        "ALTER TABLE scheduler_configuration ADD COLUMN request_id TEXT NOT NULL DEFAULT ''",
        // One row: locked by whoever puts a configuration into force, and the digest of the one evaluated last.
        "CREATE TABLE scheduler_configuration_turn (id INTEGER PRIMARY KEY, evaluated TEXT)",
        "INSERT INTO scheduler_configuration_turn (id, evaluated) VALUES (1, NULL)",
        """
        CREATE TABLE scheduler_message (
            id {identity},
            number INTEGER NOT NULL,
            at BIGINT NOT NULL,
            component TEXT NOT NULL,
            service TEXT,
            node TEXT,
            text TEXT NOT NULL
        )
        """,
        "CREATE INDEX scheduler_message_number ON scheduler_message (number, id)",
        """
        CREATE TABLE scheduler_event (
            id {identity},
            transaction_id {transaction},
            at BIGINT NOT NULL,
            kind TEXT NOT NULL,
            service TEXT,
            node TEXT,
            text TEXT NOT NULL,
            document TEXT NOT NULL
        )
        """,
        // The order in which they are told: by id alone one could appear behind a reader's back.
        "CREATE INDEX scheduler_event_order ON scheduler_event (transaction_id, id)",
        // Where the trace of the last change stands (W3C traceparent): an order that is sent again goes on there.
        "ALTER TABLE scheduler_service ADD COLUMN trace TEXT",
        // What of a configuration SQL asks for: see ConfigurationOutline. Filled in at start for one that was stored before.
        "ALTER TABLE scheduler_configuration ADD COLUMN outline TEXT",
        // Commands are listed by time, page by page.
        "CREATE INDEX scheduler_operation_requested ON scheduler_operation (requested_at, operation)",
    ];
}
