using System.Collections.Concurrent;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>One life of a node as the scheduler sees it: a queue of orders, and answers as the test says.</summary>
internal sealed class ExecutorDouble : IAsyncDisposable
{
    private readonly IBusSender _bus;
    private readonly ConcurrentQueue<OperateService> _orders = new();
    private readonly ConcurrentQueue<ConfigurationPublished> _configurations = new();
    private IAsyncDisposable? _queue;

    private ExecutorDouble(NodeName node, Incarnation incarnation, IBusSender bus)
    {
        Node = node;
        Incarnation = incarnation;
        _bus = bus;
    }

    public NodeName Node { get; }

    public Incarnation Incarnation { get; }

    /// <summary>What it was told, in order.</summary>
    public IReadOnlyList<OperateService> Orders => [.. _orders];

    public IReadOnlyList<ConfigurationPublished> Configurations => [.. _configurations];

    /// <summary>What it answers; null is silence. By default everything succeeds.</summary>
    public Func<OperateService, OperationEnded?> Answer { get; set; } = Succeed;

    public static async Task<ExecutorDouble> StartAsync(SchedulerReplica replica, string node, string incarnation)
    {
        ExecutorDouble executor = new(new(node), new(incarnation), replica.Bus);
        executor._queue = await replica.Endpoints.ConnectAsync(
            QueueNames.Executor(executor.Node, executor.Incarnation),
            endpoint => endpoint.OfOneLife(TimeSpan.FromSeconds(1), static () => { }).Bounds(1, 1)
                .On<OperateService>(executor.OperateAsync)
                .On<ConfigurationPublished>((configuration, _, _) =>
                {
                    executor._configurations.Enqueue(configuration);
                    return Task.CompletedTask;
                }));
        return executor;
    }

    public static OperationEnded Succeed(OperateService order) => Ended(order, OperationOutcome.Succeeded) with
    {
        IsRunning = order.Action is NodeAction.Start or NodeAction.Condstop or NodeAction.Condstart,
    };

    public static OperationEnded Fail(OperateService order) => Ended(order, OperationOutcome.Failed) with
    {
        Resource = "script:daemon",
        ExitCode = 7,
        Detail = "it does not want to",
    };

    public Task ReportAsync(OperationEnded report) => _bus.TryPublishAsync(report);

    public Task ReportStatusAsync(ServiceName service, long epoch, string resource = "script:daemon") => _bus.TryPublishAsync(new ServiceStatusFailed
    {
        Service = service,
        Epoch = epoch,
        Node = Node,
        Incarnation = Incarnation,
        Resource = resource,
        ExitCode = 7,
        Detail = "it died",
    });

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync();
            _queue = null;
        }
    }

    private static OperationEnded Ended(OperateService order, OperationOutcome outcome) => new()
    {
        Service = order.Service,
        Epoch = order.Epoch,
        Attempt = order.Attempt,
        Action = order.Action,
        Node = order.Node,
        Incarnation = order.Incarnation,
        Outcome = outcome,
    };

    private async Task OperateAsync(OperateService order, Delivery delivery, CancellationToken cancellationToken)
    {
        _orders.Enqueue(order);
        if (Answer(order) is { } report)
        {
            await ReportAsync(report);
        }
    }
}
