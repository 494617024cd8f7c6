using System.Globalization;

using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Arbiter;

/// <summary>What the replicas say about the database, as lines for a person who has to decide.</summary>
internal static class ArbiterText
{
    /// <summary>What an acceptance means.</summary>
    public static readonly IReadOnlyList<string> Consequences =
    [
        "Accepting it means:",
        "  What was committed between both points is lost for good. If a database that knows it can be brought back, do that instead.",
        "  Every node joins anew or is fenced before services start. Make sure that no node runs services that this database does not know of.",
        "  It is refused while a node whom no time ends may still run something: one that keeps its services, is in maintenance, or is silent since.",
        "  Commands of the forgotten time (disabled services, relocations) have to be given again.",
    ];

    /// <summary>One line of judgement, then one for each replica.</summary>
    public static IEnumerable<string> Lines(ArbiterView view)
    {
        yield return view.IsTrusted switch
        {
            true => "The database has not gone back.",
            false => "The database WENT BACK (#1130): no lease is given, services are stopped, until somebody says quorate arbiter accept.",
            null => "No quorum replica was heard of lately, so nothing is known about the database.",
        };
        foreach (ArbiterReplicaView replica in view.Replicas)
        {
            yield return $"  {replica.Replica}: it stands at {Point(replica.Stored)}; {Point(replica.Highest)} was seen before ({(replica.IsTrusted ? "trusted" : "not trusted")}, "
                + $"said at {replica.SeenAt.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)})";
        }
    }

    /// <summary>The era of the database that is not trusted; null when there is none.</summary>
    public static int? EraToAccept(ArbiterView view) => view.Replicas.Where(replica => !replica.IsTrusted).Max(replica => replica.Stored?.Era);

    private static string Point(ArbiterPoint? point) =>
        point is null ? "an unknown point" : string.Create(CultureInfo.InvariantCulture, $"era {point.Era}, sequence {point.Sequence}");
}
