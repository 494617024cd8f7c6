namespace Quorate.Quorum.Service;

/// <summary>The quorum service's own tables, forward only. Times are milliseconds; <c>since</c> is for display (rule S2).</summary>
internal static class QuorumTables
{
    public const string Prefix = "quorum";

    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE quorum_lease (
            node TEXT NOT NULL, incarnation TEXT NOT NULL, state TEXT NOT NULL, is_current INTEGER NOT NULL,
            sequence BIGINT NOT NULL, granted_sequence BIGINT NOT NULL, granted_in BIGINT NOT NULL,
            ttl_milliseconds BIGINT NOT NULL, stop_deadline_milliseconds BIGINT NOT NULL, watchdog_milliseconds BIGINT NOT NULL,
            is_self_fencing INTEGER NOT NULL, since BIGINT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (node, incarnation))
        """,
        // Rule S5 as a constraint: two replicas cannot both admit a newcomer, nor one beside a living incarnation.
        "CREATE UNIQUE INDEX quorum_lease_current ON quorum_lease (node) WHERE is_current = 1",
        "CREATE UNIQUE INDEX quorum_lease_living ON quorum_lease (node) WHERE state IN ('live', 'lost')",
        """
        CREATE TABLE quorum_state (
            id INTEGER PRIMARY KEY CHECK (id = 1), era INTEGER NOT NULL, generation BIGINT NOT NULL, is_quorate INTEGER NOT NULL,
            formed_at BIGINT NOT NULL, sequence BIGINT NOT NULL, is_trusted INTEGER NOT NULL, membership TEXT)
        """,
        "INSERT INTO quorum_state (id, era, generation, is_quorate, formed_at, sequence, is_trusted) VALUES (1, 1, 0, 0, 0, 0, 1)",
        "CREATE TABLE quorum_replica_beat (replica TEXT PRIMARY KEY, beat BIGINT NOT NULL, beaten_at BIGINT NOT NULL)",
        """
        CREATE TABLE quorum_fence (
            node TEXT NOT NULL, incarnation TEXT NOT NULL, state TEXT NOT NULL, claim BIGINT NOT NULL, step BIGINT NOT NULL,
            round INTEGER NOT NULL, patience_milliseconds BIGINT NOT NULL, replica TEXT NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (node, incarnation))
        """,
        """
        CREATE TABLE quorum_fence_attempt (
            node TEXT NOT NULL, incarnation TEXT NOT NULL, round INTEGER NOT NULL, method TEXT NOT NULL, device TEXT NOT NULL, agent TEXT NOT NULL,
            action TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, at BIGINT NOT NULL, duration_milliseconds BIGINT NOT NULL,
            replica TEXT NOT NULL)
        """,
        "CREATE INDEX quorum_fence_attempt_node ON quorum_fence_attempt (node, at)",
        // Devices to switch on again, as "method.device" from 0, by spaces.
        "ALTER TABLE quorum_fence ADD COLUMN switched_off TEXT NOT NULL DEFAULT ''",
        // Which of the method's devices, from 0: names may repeat.
        "ALTER TABLE quorum_fence_attempt ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE quorum_lease ADD COLUMN on_lease_loss TEXT NOT NULL DEFAULT 'stop'",
        "ALTER TABLE quorum_lease ADD COLUMN is_on_lease_loss_applied INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE quorum_state ADD COLUMN is_maintenance INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE quorum_state ADD COLUMN maintenance_change BIGINT NOT NULL DEFAULT 0",
        """
        CREATE TABLE quorum_maintenance (
            request_id TEXT PRIMARY KEY, is_on INTEGER NOT NULL, change BIGINT NOT NULL, asked_at BIGINT NOT NULL, result TEXT, answer TEXT)
        """,
        """
        CREATE TABLE quorum_arbiter_event (
            id {identity}, at BIGINT NOT NULL, what TEXT NOT NULL, era INTEGER NOT NULL, sequence BIGINT NOT NULL,
            highest_era INTEGER NOT NULL, highest_sequence BIGINT NOT NULL, reason TEXT NOT NULL)
        """,
        "ALTER TABLE quorum_state ADD COLUMN is_locked INTEGER NOT NULL DEFAULT 0",
        // Names of nodes as a JSON list.
        "ALTER TABLE quorum_state ADD COLUMN drained TEXT NOT NULL DEFAULT '[]'",
        "CREATE TABLE quorum_restraint (request_id TEXT PRIMARY KEY, asked_at BIGINT NOT NULL, answer TEXT NOT NULL)",
        "CREATE TABLE quorum_configuration (digest TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL, stored_at BIGINT NOT NULL)",
        // Where the trace of its loss stands (W3C traceparent): fencing it and what follows go on there, on whatever replica.
        "ALTER TABLE quorum_lease ADD COLUMN trace TEXT",
        // All orders about nodes and the cluster are in this table since, with what they asked; only switched maintenance has its own.
        "ALTER TABLE quorum_restraint ADD COLUMN content TEXT",
    ];
}
