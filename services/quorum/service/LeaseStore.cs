using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>The statements of the quorum service. None of them decides; each says under which condition it changes something.</summary>
/// <param name="connection">Open.</param>
/// <param name="transaction">Null where each statement commits by itself.</param>
/// <param name="dialect">Of the database.</param>
internal sealed class LeaseStore(DbConnection connection, DbTransaction? transaction, SqlDialect dialect)
{
    public async Task<StateRecord> ReadStateAsync(bool forUpdate = false) => await connection.QuerySingleAsync<StateRecord>(
        $"SELECT {StateRecord.Columns} FROM quorum_state WHERE id = 1{(forUpdate ? dialect.ForUpdate : "")}", transaction: transaction);

    public async Task<IReadOnlyList<LeaseRow>> ReadCurrentAsync() =>
        Rows(await connection.QueryAsync<LeaseRecord>(
            $"SELECT {LeaseRecord.Columns} FROM quorum_lease WHERE is_current = 1 ORDER BY node", transaction: transaction));

    public async Task<IReadOnlyList<LeaseRow>> ReadCurrentAsync(IReadOnlyCollection<NodeName> nodes)
    {
        string[] names = [.. nodes.Select(node => node.Value)];
        // Dapper hands a list to PostgreSQL as one array and spells it out for SQLite.
        string among = dialect.IsPostgreSql ? "= ANY (@names)" : "IN @names";
        return Rows(await connection.QueryAsync<LeaseRecord>(
            $"SELECT {LeaseRecord.Columns} FROM quorum_lease WHERE is_current = 1 AND node {among}", new { names }, transaction));
    }

    public async Task<LeaseRow?> FindAsync(NodeName node, Incarnation incarnation) =>
        (await connection.QuerySingleOrDefaultAsync<LeaseRecord>(
            $"SELECT {LeaseRecord.Columns} FROM quorum_lease WHERE node = @Node AND incarnation = @Incarnation{dialect.ForUpdate}",
            new { Node = node.Value, Incarnation = incarnation.Value }, transaction))?.ToRow();

    public async Task<LeaseRow?> FindCurrentAsync(NodeName node) =>
        (await connection.QuerySingleOrDefaultAsync<LeaseRecord>(
            $"SELECT {LeaseRecord.Columns} FROM quorum_lease WHERE node = @Node AND is_current = 1{dialect.ForUpdate}",
            new { Node = node.Value }, transaction))?.ToRow();

    /// <summary>Rule S3: all heartbeats that arrived together, in one statement; it says what <see cref="Admission.Renewed"/> says.</summary>
    /// <param name="heartbeats">1 or more, each (node, incarnation) once.</param>
    /// <returns>The rows that were renewed.</returns>
    /// <remarks>
    /// The rows are locked by name first: an update alone takes them in the order of its plan, and two replicas that lock the same rows
    /// in different order wait for each other until the server ends one of them, a second in which nobody is renewed.
    /// </remarks>
    public async Task<IReadOnlyList<LeaseRow>> RenewAsync(IReadOnlyList<NodeHeartbeat> heartbeats)
    {
        DynamicParameters values = new();
        StringBuilder rows = new();
        for (int index = 0; index < heartbeats.Count; index++)
        {
            NodeHeartbeat heartbeat = heartbeats[index];
            string at = index.ToString(CultureInfo.InvariantCulture);
            rows.Append(index == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"(@n{at}, @i{at}, @s{at}, @d{at}, @w{at}, @f{at}, @l{at}, @c{at}, @e{at}, @a{at})");
            values.Add($"n{at}", heartbeat.Node.Value);
            values.Add($"i{at}", heartbeat.Incarnation.Value);
            values.Add($"s{at}", heartbeat.Sequence);
            values.Add($"d{at}", heartbeat.Promise.StopDeadlineMilliseconds);
            values.Add($"w{at}", heartbeat.Promise.WatchdogMilliseconds);
            values.Add($"f{at}", heartbeat.Promise.IsSelfFencing ? 1 : 0);
            values.Add($"l{at}", heartbeat.Promise.OnLeaseLoss?.ToText() ?? "");
            values.Add($"c{at}", heartbeat.Promise.IsOnLeaseLossApplied ? 1 : 0);
            ArbiterSight witnessed = ArbiterSight.Of(heartbeat.HighestArbiter);
            values.Add($"e{at}", (long)witnessed.Era);
            values.Add($"a{at}", witnessed.Sequence);
        }

        const string IsPermitted = "q.is_quorate = 1 AND q.is_trusted = 1 AND (beat.arbiter_era, beat.arbiter_sequence) <= (q.era, q.sequence) "
            + "AND (quorum_lease.granted_in = 0 OR quorum_lease.granted_in = q.formed_at)";
        return Rows(await connection.QueryAsync<LeaseRecord>(
            $"""
            WITH beat (node, incarnation, sequence, stop_deadline, watchdog, self_fencing, on_lease_loss, is_applied, arbiter_era, arbiter_sequence) AS (VALUES {rows}),
            held AS (
                SELECT node, incarnation FROM quorum_lease WHERE (node, incarnation) IN (SELECT node, incarnation FROM beat)
                ORDER BY node, incarnation{dialect.ForUpdate})
            UPDATE quorum_lease SET
                sequence = beat.sequence,
                granted_sequence = CASE WHEN {IsPermitted} THEN beat.sequence ELSE quorum_lease.granted_sequence END,
                granted_in = CASE WHEN {IsPermitted} THEN q.formed_at ELSE quorum_lease.granted_in END,
                stop_deadline_milliseconds = CASE WHEN beat.stop_deadline > quorum_lease.stop_deadline_milliseconds
                    THEN beat.stop_deadline ELSE quorum_lease.stop_deadline_milliseconds END,
                watchdog_milliseconds = CASE WHEN beat.watchdog > quorum_lease.watchdog_milliseconds
                    THEN beat.watchdog ELSE quorum_lease.watchdog_milliseconds END,
                is_self_fencing = CASE WHEN beat.self_fencing = 0 THEN 0 WHEN beat.on_lease_loss <> '' THEN 1 ELSE quorum_lease.is_self_fencing END,
                on_lease_loss = CASE WHEN beat.on_lease_loss = '' THEN 'stop' ELSE beat.on_lease_loss END,
                is_on_lease_loss_applied = beat.is_applied
            FROM beat, held, quorum_state AS q
            WHERE held.node = beat.node AND held.incarnation = beat.incarnation
                AND quorum_lease.node = beat.node AND quorum_lease.incarnation = beat.incarnation
                AND quorum_lease.state = 'live' AND quorum_lease.sequence < beat.sequence
            RETURNING {LeaseRecord.Columns}
            """,
            values, transaction));
    }

    /// <summary>Ends, or loses, an incarnation, if it still is as it was seen.</summary>
    /// <param name="seen">The row as it was when this was decided: its state and sequences must still hold.</param>
    /// <param name="next">The row as it becomes.</param>
    public async Task<bool> ChangeStateAsync(LeaseRow seen, LeaseRow next) =>
        await connection.ExecuteAsync(
            """
            UPDATE quorum_lease SET state = @Next, since = @Since, reason = @Reason
            WHERE node = @Node AND incarnation = @Incarnation AND state = @Seen AND granted_sequence = @GrantedSequence
                AND (sequence = @Sequence OR @Next <> 'lost')
            """,
            new
            {
                Node = seen.Node.Value,
                Incarnation = seen.Incarnation.Value,
                Seen = seen.State.ToText(),
                seen.Sequence,
                seen.GrantedSequence,
                Next = next.State.ToText(),
                next.Since,
                next.Reason,
            },
            transaction) == 1;

    /// <summary>Notes where the trace of an incarnation's end stands; one that has begun stays.</summary>
    /// <param name="trace">A W3C traceparent; null notes nothing.</param>
    public Task TraceAsync(NodeName node, Incarnation incarnation, string? trace) => trace is null ? Task.CompletedTask : connection.ExecuteAsync(
        "UPDATE quorum_lease SET trace = @trace WHERE node = @Node AND incarnation = @Incarnation AND trace IS NULL",
        new { trace, Node = node.Value, Incarnation = incarnation.Value }, transaction);

    /// <summary>Where the traces of these incarnations stand; those that have none are left out.</summary>
    public async Task<IReadOnlyDictionary<NodeName, string>> TracesAsync(IEnumerable<(NodeName Node, Incarnation Incarnation)> lives)
    {
        Dictionary<NodeName, string> traces = [];
        foreach ((NodeName node, Incarnation incarnation) in lives)
        {
            if (await connection.ExecuteScalarAsync<string?>(
                "SELECT trace FROM quorum_lease WHERE node = @Node AND incarnation = @Incarnation",
                new { Node = node.Value, Incarnation = incarnation.Value }, transaction) is { } trace)
            {
                traces[node] = trace;
            }
        }

        return traces;
    }

    /// <summary>Adds a newcomer as its node's current row. The indexes refuse a second living one.</summary>
    public async Task AdmitAsync(LeaseRow row)
    {
        await connection.ExecuteAsync(
            "UPDATE quorum_lease SET is_current = 0 WHERE node = @Node AND is_current = 1", new { Node = row.Node.Value }, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO quorum_lease (node, incarnation, state, is_current, sequence, granted_sequence, granted_in, ttl_milliseconds,
                stop_deadline_milliseconds, watchdog_milliseconds, is_self_fencing, on_lease_loss, is_on_lease_loss_applied, since, reason)
            VALUES (@Node, @Incarnation, @State, 1, @Sequence, @GrantedSequence, @GrantedIn, @Ttl, @StopDeadline, @Watchdog, @IsSelfFencing,
                @OnLeaseLoss, @IsOnLeaseLossApplied, @Since, @Reason)
            """,
            new
            {
                Node = row.Node.Value,
                Incarnation = row.Incarnation.Value,
                State = row.State.ToText(),
                row.Sequence,
                row.GrantedSequence,
                row.GrantedIn,
                Ttl = (long)row.Ttl.TotalMilliseconds,
                StopDeadline = (long)row.StopDeadline.TotalMilliseconds,
                Watchdog = (long)row.Watchdog.TotalMilliseconds,
                IsSelfFencing = row.IsSelfFencing ? 1 : 0,
                OnLeaseLoss = row.OnLeaseLoss.ToText(),
                IsOnLeaseLossApplied = row.IsOnLeaseLossApplied ? 1 : 0,
                row.Since,
                row.Reason,
            },
            transaction);
    }

    /// <summary>A replica's own beat, and the arbiter's count with it.</summary>
    /// <returns>The arbiter with that count.</returns>
    public async Task<StateRecord> BeatAsync(string replica, DateTimeOffset now)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO quorum_replica_beat (replica, beat, beaten_at) VALUES (@replica, 1, @now)
            ON CONFLICT (replica) DO UPDATE SET beat = quorum_replica_beat.beat + 1, beaten_at = excluded.beaten_at
            """,
            new { replica, now }, transaction);
        return await connection.QuerySingleAsync<StateRecord>(
            $"UPDATE quorum_state SET sequence = sequence + 1 WHERE id = 1 RETURNING {StateRecord.Columns}", transaction: transaction);
    }

    /// <summary>The next generation, if the one it follows is still the newest.</summary>
    public async Task<bool> AdvanceAsync(long fromGeneration, MembershipTransition next) =>
        await connection.ExecuteAsync(
            """
            UPDATE quorum_state SET generation = @Generation, is_quorate = @IsQuorate, formed_at = @FormedAt, is_locked = @IsLocked, membership = @Membership
            WHERE id = 1 AND generation = @fromGeneration
            """,
            new
            {
                fromGeneration,
                next.Arbiter.Generation,
                IsQuorate = next.Arbiter.IsQuorate ? 1 : 0,
                next.Arbiter.FormedAt,
                IsLocked = next.Arbiter.IsLocked ? 1 : 0,
                Membership = JsonSerializer.Serialize(next.Membership, JsonSerializerOptions.Web),
            },
            transaction) == 1;

    /// <summary>Rule S14: this database went back; nothing is granted until an operator accepts it. For the transaction of a beat, which has the row.</summary>
    public async Task DistrustAsync()
    {
        await connection.ExecuteAsync("UPDATE quorum_state SET is_trusted = 0 WHERE id = 1", transaction: transaction);
        // In the forgotten time each of them may have taken this promise back (S4, ADR 0009). Its next heartbeat says how it is.
        await connection.ExecuteAsync("UPDATE quorum_lease SET is_self_fencing = 0 WHERE state = 'live'", transaction: transaction);
    }

    /// <summary>An operator accepts a database that went back: a new era, in which every living incarnation must come anew.</summary>
    public async Task<bool> AcceptAsync(int fromEra, int toEra)
    {
        bool isAccepted = await connection.ExecuteAsync(
            "UPDATE quorum_state SET is_trusted = 1, is_quorate = 0, era = @toEra WHERE id = 1 AND is_trusted = 0 AND era = @fromEra",
            new { fromEra, toEra }, transaction) == 1;
        if (isAccepted)
        {
            // The forgotten time may have seen leases that the rows know nothing of.
            await connection.ExecuteAsync("UPDATE quorum_lease SET granted_in = 1 WHERE state = 'live' AND granted_in = 0", transaction: transaction);
        }

        return isAccepted;
    }

    /// <summary>Keeps what happened to the arbiter's own count. Each row is an operator's alarm or an operator's word, so there are few.</summary>
    public Task NoteArbiterAsync(string what, ArbiterSight stored, ArbiterSight highest, string reason, DateTimeOffset at) => connection.ExecuteAsync(
        """
        INSERT INTO quorum_arbiter_event (at, what, era, sequence, highest_era, highest_sequence, reason)
        VALUES (@at, @what, @Era, @Sequence, @HighestEra, @HighestSequence, @reason)
        """,
        new { at, what, stored.Era, stored.Sequence, HighestEra = highest.Era, HighestSequence = highest.Sequence, reason }, transaction);

    private static List<LeaseRow> Rows(IEnumerable<LeaseRecord> records) => [.. records.Select(record => record.ToRow())];
}
