using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Quorum.Core;

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
