using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Telemetry;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Connects this host's endpoints and starts the bus. It waits until the queues are bound, since what is sent before is lost without
/// a word; without a broker it goes on after a while, not ready, and the bus connects when it can.
/// </summary>
internal sealed class BusHostedService(
    BusConnection bus, IEnumerable<EndpointRegistration> registrations, MessageRaiser raiser, string component, IServiceProvider services,
    ICrashPoint crash, TimeProvider time, ILogger<BusHostedService> logger) : IHostedService
{
    /// <summary>No longer than a lease: a replica that is started while the broker is away has heartbeats over HTTP to answer.</summary>
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    private readonly List<WatchedEndpoint> _endpoints = [];
    private ConnectHandle? _observer;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _observer = bus.Observe(new AcknowledgedObserver(crash));
        foreach (EndpointRegistration registration in registrations)
        {
            EndpointBuilder builder = registration.Builder;
            _endpoints.Add(bus.Connect(builder.Queue, endpoint => builder.Apply(endpoint, services, bus)));
        }
        Task started = bus.StartAsync();
        try
        {
            await Task.WhenAll([started, .. _endpoints.Select(static endpoint => endpoint.Ready)]).WaitAsync(StartWait, time, cancellationToken);
            logger.BusIsUp(_endpoints.Count);
        }
        catch (TimeoutException)
        {
            if (!started.IsCompleted)
            {
                logger.StartedWithoutBus(StartWait.TotalSeconds);
            }
            await TellAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _observer?.Disconnect();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StopWait);
        foreach (WatchedEndpoint endpoint in _endpoints)
        {
            try
            {
                await bus.DisconnectAsync(endpoint, patience.Token);
            }
            catch (Exception failure) when (failure is OperationCanceledException || RabbitMqHost.IsOutage(failure))
            {
                // The broker is away: it takes the unacknowledged messages back by itself.
                logger.BusUnavailable("stopping", failure.Message);
            }
        }
    }

    /// <summary>Nothing that is sent to these queues is taken here; it goes on being tried.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        WatchedEndpoint[] closed = [.. _endpoints.Where(static endpoint => endpoint.Silence is not null)];
        if (closed.Length == 0)
        {
            return;
        }
        string queues = string.Join(", ", closed.Select(static endpoint => endpoint.Queue));
        string reason = closed.Select(static endpoint => endpoint.Fault).FirstOrDefault(static fault => fault is not null) ?? "the broker has not answered";
        logger.QueuesNotOpened(queues, StartWait.TotalSeconds, reason);
        logger.StateListenerNotOpened();
        await raiser.TryRaiseAsync(
            (int)CatalogueMessage.StateListenerNotOpened, $"{MessageText.Format(CatalogueMessage.StateListenerNotOpened)} ({queues}: {reason})", component,
            cancellationToken: cancellationToken);
    }
}
