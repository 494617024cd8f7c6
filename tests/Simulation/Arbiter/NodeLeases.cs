using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Arbiter;

/// <summary>The lease rows of one node, the current one last. They lock together, which the unique indexes amount to.</summary>
internal sealed record NodeLeases(ImmutableArray<LeaseRow> Rows)
{
    public static NodeLeases None { get; } = new([]);

    public LeaseRow? Current => Rows.IsEmpty ? null : Rows[^1];

    public static string KeyOf(NodeName node) => $"lease/{node}";

    public LeaseRow? Find(Incarnation incarnation) => Rows.FirstOrDefault(row => row.Incarnation == incarnation);

    public NodeLeases With(LeaseRow row) =>
        Find(row.Incarnation) is { } known ? new(Rows.Replace(known, row)) : new(Rows.Add(row));

    /// <summary>
    /// The one statement of a renewal (rule S3): as the database does it, the arbiter's row is read before the lease's row is waited for. The
    /// contract of stores runs it against the two databases.
    /// </summary>
    /// <param name="work">Committed by the caller.</param>
    /// <param name="heartbeat">What came.</param>
    /// <param name="isAnySequence">The broken rule: the sequence need not grow.</param>
    /// <param name="permitting">The broken rule: whom the arbiter seems to permit.</param>
    public static async Task<LeaseRow?> RenewAsync(Transaction work, NodeHeartbeat heartbeat, bool isAnySequence, Func<ArbiterState, LeaseRow, ArbiterState>? permitting = null)
    {
        string key = KeyOf(heartbeat.Node);
        ArbiterState arbiter = (await work.ReadAsync<ArbiterRow>(ArbiterRow.Key))?.State ?? ArbiterState.New;
        await work.HoldAsync(key);
        NodeLeases? leases = work.Seen<NodeLeases>(key);
        if (leases?.Find(heartbeat.Incarnation) is not { State: LeaseState.Live } row || !(isAnySequence || row.Sequence < heartbeat.Sequence))
        {
            return null;
        }

        LeaseRow renewed = Admission.Renewed(row, heartbeat, permitting is null ? arbiter : permitting(arbiter, row));
        work.Write(key, leases.With(renewed));
        return renewed;
    }

    /// <summary>The statement that ends or loses an incarnation: only if it still is as it was seen.</summary>
    /// <param name="seen">The row as it was when this was decided.</param>
    /// <param name="next">The row as it becomes.</param>
    /// <param name="isByName">The broken rule: the node's current row is meant, whatever it has become.</param>
    public NodeLeases? Changed(LeaseRow seen, LeaseRow next, bool isByName)
    {
        if (isByName && Current is { } current)
        {
            return With(current.Become(next.State, next.Since, next.Reason));
        }

        return Find(seen.Incarnation) is { } now && now.State == seen.State && now.GrantedSequence == seen.GrantedSequence
            && (now.Sequence == seen.Sequence || next.State != LeaseState.Lost)
            ? With(now.Become(next.State, next.Since, next.Reason))
            : null;
    }
}
