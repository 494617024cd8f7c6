using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What the scheduler's suites share: each test has a cluster of its own, in memory or on the real servers.</summary>
public abstract class A_scheduler(RealEngines? servers) : IAsyncLifetime
{
    private SchedulerCluster? _cluster;

    private protected SchedulerCluster Cluster => _cluster ?? throw new InvalidOperationException("start the cluster first");

    private protected QuorumDouble Quorum { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private protected Task StartAsync(params string[] services) => StartAsync(1, services);

    private protected async Task StartAsync(int replicas, params string[] services) =>
        _cluster = await SchedulerCluster.StartAsync(servers, SchedulerCluster.Rm(services), replicas, prepare: PrepareAsync, quorum: Quorum);

    /// <summary>What a suite does to its engines before the first scheduler starts.</summary>
    protected virtual Task PrepareAsync(EnginesUnderTest engines) => Task.CompletedTask;

    /// <summary>Sends the event of a moment of service:web, from n1 in its life a1.</summary>
    private protected async Task SendAsync(string moment, long epoch)
    {
        OperationEnded report = new()
        {
            Service = new("service:web"),
            Epoch = epoch,
            Attempt = 1,
            Action = moment == "start" ? NodeAction.Start : NodeAction.Stop,
            Node = new("n1"),
            Incarnation = new("a1"),
            Outcome = moment == "stop failed" ? OperationOutcome.Failed : OperationOutcome.Succeeded,
            IsRunning = moment == "start",
        };
        ServiceStatusFailed status = new()
        {
            Service = report.Service,
            Epoch = epoch,
            Node = report.Node,
            Incarnation = report.Incarnation,
            Resource = "script:daemon",
        };
        bool isSent = moment switch
        {
            "status" => await Cluster.First.Bus.TryPublishAsync(status),
            "enable" => await Cluster.First.Bus.TryPublishAsync(new EnableService { RequestId = "id", Service = report.Service }),
            "disable" => await Cluster.First.Bus.TryPublishAsync(new DisableService { RequestId = "id", Service = report.Service }),
            _ => await Cluster.First.Bus.TryPublishAsync(report),
        };
        Assert.True(isSent);
    }

    /// <summary>From now on no record of a service can be written.</summary>
    private protected async Task RefuseWritesAsync()
    {
        if (Cluster.Engines.IsReal)
        {
            await Cluster.ExecuteAsync("CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$ LANGUAGE plpgsql");
            await Cluster.ExecuteAsync("CREATE TRIGGER refuse_writes BEFORE UPDATE ON scheduler_service FOR EACH ROW EXECUTE FUNCTION refuse()");
        }
        else
        {
            await Cluster.ExecuteAsync("CREATE TRIGGER refuse_writes BEFORE UPDATE ON scheduler_service BEGIN SELECT RAISE(ABORT, 'no room'); END");
        }
    }

    private protected Task AllowWritesAsync() =>
        Cluster.ExecuteAsync(Cluster.Engines.IsReal ? "DROP TRIGGER refuse_writes ON scheduler_service" : "DROP TRIGGER refuse_writes");

    /// <summary>Brings the service to where the event of that moment counts, with n1 silent about it.</summary>
    private protected async Task<ExecutorDouble> PrepareAsync(string moment)
    {
        (ExecutorDouble n1, _, _) = await Cluster.FormAsync(executor => executor.Answer = order =>
            moment == "start" || order.Action == NodeAction.Stop ? null : ExecutorDouble.Succeed(order));
        await Cluster.UntilAsync("web", moment == "start" ? ServiceState.Starting : ServiceState.Started, "n1");
        if (moment.StartsWith("stop", StringComparison.Ordinal))
        {
            await Cluster.PostAsync("web", "disable");
            await Cluster.UntilAsync("web", ServiceState.Stopping);
            await Eventually.HoldsAsync("the stop was ordered", () => n1.Orders.Any(order => order.Action == NodeAction.Stop));
        }
        else
        {
            await Eventually.HoldsAsync("the start was ordered", () => n1.Orders.Count > 0);
        }
        return n1;
    }
}
