namespace Quorate.Scheduler.Service.Store;

/// <summary>The views of schema <c>quorate</c>: what others may read by SQL, on PostgreSQL alone. <c>docs/sql.md</c> is their description and promise.</summary>
/// <remarks>
/// Names and values are those of the HTTP API's views, in snake case. A set of migrations apart from the tables', since a user without the rights for it
/// must not keep a scheduler from starting. A later migration replaces a view by <c>CREATE OR REPLACE</c>, never by dropping it: that keeps what
/// administrators granted, and the server itself refuses to take a column away.
/// </remarks>
internal static class SqlViews
{
    /// <summary>The owner of these migrations.</summary>
    public const string Owner = "scheduler views";

    /// <summary>The group whose members may read the views, and nothing beneath them.</summary>
    public const string Reader = "quorate_reader";

    /// <summary>Makes the group where there is none and the user may; says nothing where not.</summary>
    public const string MakeReader = $"""
        DO $$
        BEGIN
            IF to_regrole('{Reader}') IS NULL THEN
                CREATE ROLE {Reader} NOLOGIN;
            END IF;
        EXCEPTION
            -- No right to make roles; or another cluster on this server made it at the same moment.
            WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
        END $$
        """;

    /// <summary>Gives the group its rights. Each view by name: where an administrator put the tables into the same schema, they stay closed.</summary>
    public const string GrantReader = $"""
        GRANT USAGE ON SCHEMA quorate TO {Reader};
        GRANT SELECT ON quorate.cluster, quorate.nodes, quorate.services, quorate.transitions, quorate.operations TO {Reader}
        """;

    /// <summary>The configuration in force.</summary>
    private const string InForce =
        "(SELECT version, digest, outline::jsonb AS outline FROM scheduler_configuration ORDER BY version DESC, stored_at DESC LIMIT 1) AS configuration";

    /// <summary>The newest membership. A NUL, which anything from outside may contain, is none of a text in this database.</summary>
    private const string Membership = """
        (SELECT replace(document, '\u0000', '\ufffd')::jsonb AS document FROM scheduler_membership WHERE id = 1) AS membership
        """;

    /// <summary>In the order they are applied.</summary>
    public static readonly IReadOnlyList<string> Migrations =
    [
        // Asked first: CREATE SCHEMA IF NOT EXISTS wants the right to make one even where it is there.
        """
        DO $$
        BEGIN
            IF to_regnamespace('quorate') IS NULL THEN
                CREATE SCHEMA quorate;
            END IF;
        END $$
        """,
        $"""
        CREATE OR REPLACE VIEW quorate.cluster AS
        SELECT configuration.outline ->> 'clusterName' AS name,
               COALESCE((membership.document ->> 'isQuorate')::boolean, FALSE) AS is_quorate,
               COALESCE((membership.document ->> 'generation')::bigint, 0) AS generation,
               COALESCE((membership.document ->> 'votes')::integer, 0) AS votes,
               COALESCE((membership.document ->> 'votesNeeded')::integer, (configuration.outline ->> 'votesNeeded')::integer) AS votes_needed,
               COALESCE((membership.document ->> 'isMaintenance')::boolean, FALSE) AS is_maintenance,
               COALESCE((membership.document ->> 'isLocked')::boolean, FALSE) AS is_locked,
               configuration.version AS configuration_version,
               configuration.digest AS configuration_digest
        FROM {InForce} LEFT JOIN {Membership} ON TRUE
        """,
        $"""
        CREATE OR REPLACE VIEW quorate.nodes AS
        SELECT node ->> 'name' AS name,
               (node ->> 'id')::integer AS id,
               COALESCE(member ->> 'state', 'absent') AS state,
               (node ->> 'votes')::integer AS votes,
               member ->> 'incarnation' AS incarnation,
               COALESCE((member ->> 'since')::timestamptz, TIMESTAMPTZ '0001-01-01 00:00:00+00') AS since,
               COALESCE((member ->> 'isDrained')::boolean, FALSE) AS is_drained,
               COALESCE(member ->> 'onLeaseLoss', 'stop') AS on_lease_loss
        FROM {InForce}
        CROSS JOIN LATERAL jsonb_array_elements(configuration.outline -> 'nodes') AS node
        LEFT JOIN ({Membership} CROSS JOIN LATERAL jsonb_array_elements(membership.document -> 'nodes') AS member) ON member ->> 'name' = node ->> 'name'
        """,
        // What was taken out of the configuration is shown until it is proven to run nowhere, as everywhere.
        $"""
        CREATE OR REPLACE VIEW quorate.services AS
        SELECT name,
               state,
               owner,
               last_owner,
               epoch,
               string_to_array(concat_ws(',', NULLIF(flags, ''), CASE WHEN parked IS NOT NULL THEN 'parked' END), ',') AS flags,
               restarts,
               TIMESTAMPTZ 'epoch' + since * INTERVAL '1 millisecond' AS since,
               COALESCE(parked, reason) AS reason
        FROM scheduler_service
        WHERE owner IS NOT NULL OR held_on IS NOT NULL
            OR name IN (SELECT jsonb_array_elements_text(configuration.outline -> 'services') FROM {InForce})
        """,
        """
        CREATE OR REPLACE VIEW quorate.transitions AS
        SELECT id,
               service,
               TIMESTAMPTZ 'epoch' + at * INTERVAL '1 millisecond' AS at,
               from_state,
               to_state,
               owner,
               epoch,
               reason,
               cause
        FROM scheduler_history
        """,
        """
        CREATE OR REPLACE VIEW quorate.operations AS
        SELECT operation,
               request_id,
               command,
               NULLIF(service, '') AS service,
               NULLIF(node, '') AS node,
               state,
               lower(left(result, 1)) || substr(result, 2) AS result,
               CASE result
                   WHEN 'Success' THEN 0 WHEN 'Fail' THEN -1 WHEN 'Abort' THEN -2 WHEN 'NoService' THEN -4 WHEN 'Deadlock' THEN -5
                   WHEN 'Again' THEN -6 WHEN 'Depend' THEN -7 WHEN 'Invalid' THEN -8 WHEN 'Quorum' THEN -9 WHEN 'AlreadyRunning' THEN -10
                   WHEN 'Frozen' THEN -11 WHEN 'NoNode' THEN -12 WHEN 'FencePending' THEN -13 WHEN 'Domain' THEN -15 WHEN 'Exclusive' THEN -16
                   WHEN 'Relocated' THEN -17 WHEN 'Permission' THEN -18 WHEN 'Warning' THEN -19
               END AS code,
               is_refused <> 0 AS is_refused,
               owner,
               ARRAY(SELECT jsonb_array_elements_text(replace(COALESCE(reasons, '[]'), '\u0000', '\ufffd')::jsonb)) AS reasons,
               TIMESTAMPTZ 'epoch' + requested_at * INTERVAL '1 millisecond' AS requested_at,
               TIMESTAMPTZ 'epoch' + answered_at * INTERVAL '1 millisecond' AS answered_at
        FROM scheduler_operation
        """,
    ];
}
