using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>A service that can be moved while it runs; it runs on node a, and b could take it.</summary>
internal static class Guests
{
    public const string Vm = "vm:g";

    public static Cluster Guest() => new Cluster("a", "b").Service(Vm).Migratory(Vm).Running(Vm, "a");

    public static Cluster Moving()
    {
        Cluster cluster = Guest();
        cluster.Command(Vm, CommandKind.Migrate, "b");
        cluster.Place(Vm);
        cluster.Ends(Vm, OperationOutcome.Succeeded);
        return cluster;
    }

    /// <summary>Neither the migration nor the stop at the source ended as it should: held there, and perhaps at the receiver.</summary>
    public static Cluster Abandoned()
    {
        Cluster cluster = Moving();
        cluster.Ends(Vm, OperationOutcome.Failed, isRunning: null, exitCode: 1);
        cluster.Ends(Vm, OperationOutcome.Failed);
        return cluster;
    }
}
