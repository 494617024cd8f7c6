using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Support;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>The transport's loop of reconnecting may end for good while the process lives. Source: docs/outages.md.</summary>
[Collection(RealEngines.Collection)]
public sealed class When_an_endpoint_has_ended(RealEngines engines)
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<Transport> _transports = [];
    private bool _isReachable = true;

    [Fact]
    public async Task It_is_started_anew_and_consumes_what_waited()
    {
        TaskCompletionSource<string> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        QuorateOptions options = new() { Bus = await engines.RabbitMqAsync(), BusPrefix = $"{Guid.NewGuid():N}." };
        await using BusConnection bus = BusConnection.Create(options);
        using WatchedEndpoint endpoint = bus.Connect("ended.v1", configurator => configurator.Handler<EnableService>(context =>
        {
            heard.TrySetResult(context.Message.RequestId);
            return Task.CompletedTask;
        }));
        await bus.StartAsync();
        await endpoint.Ready;

        await endpoint.BreakAsync(CancellationToken.None);

        // The watch of the bus itself finds it: by the system's clock, since it is the transport's time that counts.
        await Eventually.HoldsAsync("the endpoint consumes again", () => endpoint.Silence is null);
        Assert.True(await bus.TryDeliverAsync(new EnableService { RequestId = "r1", Service = new("service:web") }, typeof(EnableService), null, default));
        Assert.Equal("r1", await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task One_that_is_silent_for_long_enough_gets_a_new_transport()
    {
        (EndpointWatch watch, WatchedEndpoint endpoint) = Watched();
        Assert.NotNull(endpoint.Silence);

        _time.Advance(EndpointWatch.SilenceMax);
        await watch.LookAsync(default);
        Assert.Single(_transports);

        _time.Advance(TimeSpan.FromSeconds(1));
        await watch.LookAsync(default);
        Assert.Equal([true, false], _transports.Select(transport => transport.IsStopped));
    }

    [Fact]
    public async Task A_new_transport_has_as_long_as_the_first()
    {
        (EndpointWatch watch, _) = Watched();
        _time.Advance(EndpointWatch.SilenceMax + TimeSpan.FromSeconds(1));

        await watch.LookAsync(default);
        await watch.LookAsync(default);

        Assert.Equal(2, _transports.Count);
    }

    /// <summary>A watch that ended over it would never start an endpoint anew.</summary>
    [Fact]
    public async Task Where_the_broker_cannot_even_be_asked_it_is_asked_again()
    {
        int asked = 0;
        EndpointWatch watch = new(_ => ++asked == 1 ? throw new InvalidOperationException("no such name") : Task.FromResult(true), _time, NullLogger.Instance);
        using WatchedEndpoint endpoint = new("ended.v1", _ => Add(new Transport()), _time);
        watch.Add(endpoint);
        _time.Advance(EndpointWatch.SilenceMax + TimeSpan.FromSeconds(1));

        await watch.LookAsync(default);
        Assert.Single(_transports);
        await watch.LookAsync(default);

        Assert.Equal(2, _transports.Count);
    }

    [Fact]
    public async Task Without_a_broker_nothing_is_done()
    {
        (EndpointWatch watch, _) = Watched();
        _isReachable = false;
        _time.Advance(TimeSpan.FromHours(1));

        await watch.LookAsync(default);

        Assert.Single(_transports);
    }

    [Fact]
    public async Task One_that_consumes_is_left_alone()
    {
        (EndpointWatch watch, WatchedEndpoint endpoint) = Watched();
        await ((IReceiveEndpointObserver)endpoint).Ready(null!); // what is said does not matter, that it is said does
        _time.Advance(TimeSpan.FromHours(1));

        await watch.LookAsync(default);

        Assert.Null(endpoint.Silence);
        Assert.Single(_transports);
    }

    [Fact]
    public async Task One_that_does_not_stop_is_tried_again_later()
    {
        (EndpointWatch watch, _) = Watched();
        _transports[0].CannotStop = true;
        _time.Advance(EndpointWatch.SilenceMax + TimeSpan.FromSeconds(1));
        await watch.LookAsync(default);
        _transports[0].CannotStop = false;

        _time.Advance(EndpointWatch.SilenceMax + TimeSpan.FromSeconds(1));
        await watch.LookAsync(default);

        Assert.Equal([true, false], _transports.Select(transport => transport.IsStopped));
    }

    [Fact]
    public async Task One_that_was_stopped_stays_so()
    {
        (_, WatchedEndpoint endpoint) = Watched();
        await endpoint.StopAsync(default);

        await endpoint.RestartAsync(default);

        Assert.True(Assert.Single(_transports).IsStopped);
    }

    private (EndpointWatch Watch, WatchedEndpoint Endpoint) Watched()
    {
        EndpointWatch watch = new(_ => Task.FromResult(_isReachable), _time, NullLogger.Instance);
        WatchedEndpoint endpoint = new("ended.v1", _ => Add(new Transport()), _time);
        watch.Add(endpoint);
        return (watch, endpoint);
    }

    private Transport Add(Transport transport)
    {
        _transports.Add(transport);
        return transport;
    }

    private sealed class Transport : HostReceiveEndpointHandle
    {
        public bool IsStopped { get; private set; }

        public bool CannotStop { get; set; }

        public IReceiveEndpoint ReceiveEndpoint => throw new NotSupportedException();

        public Task<ReceiveEndpointReady> Ready { get; } = new TaskCompletionSource<ReceiveEndpointReady>().Task;

        public Task StopAsync(CancellationToken cancellationToken = default) => StopAsync(true, cancellationToken);

        public Task StopAsync(bool removeEndpoint, CancellationToken cancellationToken = default)
        {
            IsStopped = !CannotStop;
            return CannotStop ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        }
    }
}
