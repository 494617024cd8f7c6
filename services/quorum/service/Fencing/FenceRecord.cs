using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Hosting.Database;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>A row of <c>quorum_fence</c> as Dapper reads it.</summary>
internal sealed class FenceRecord
{
    public const string Columns =
        "quorum_fence.node, quorum_fence.incarnation, quorum_fence.state, quorum_fence.claim, quorum_fence.step, quorum_fence.round, "
        + "quorum_fence.patience_milliseconds, quorum_fence.replica, quorum_fence.reason, quorum_fence.switched_off";

    public NodeName Node { get; set; }

    public Incarnation Incarnation { get; set; }

    public string State { get; set; } = "";

    public long Claim { get; set; }

    public long Step { get; set; }

    public int Round { get; set; }

    public long PatienceMilliseconds { get; set; }

    public string Replica { get; set; } = "";

    public string Reason { get; set; } = "";

    public string SwitchedOff { get; set; } = "";

    /// <summary>The devices as the column has them.</summary>
    public static string TextOf(ImmutableArray<FenceTarget> targets) =>
        string.Join(' ', targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"{target.Method}.{target.Device}.{Uri.EscapeDataString(target.Name)}")));

    public FenceRow ToRow() => new()
    {
        Node = Node,
        Incarnation = Incarnation,
        State = Enum.Parse<FenceState>(State, ignoreCase: true),
        Claim = Claim,
        Step = Step,
        Round = Round,
        Patience = TimeSpan.FromMilliseconds(PatienceMilliseconds),
        Replica = Replica,
        Reason = Reason,
        SwitchedOff = [.. SwitchedOff.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TargetOf)],
    };

    private static FenceTarget TargetOf(string text)
    {
        string[] parts = text.Split('.', 3);
        return new FenceTarget(
            int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts is [_, _, var name] ? Uri.UnescapeDataString(name) : "");
    }
}
