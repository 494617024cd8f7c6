using MassTransit;
using Microsoft.Extensions.Logging;
using Quorate.Hosting.Settings;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Hosting.Bus;

/// <summary>Endpoints at run time.</summary>
internal sealed class BusEndpoints(BusConnection bus, IServiceProvider services, ILogger<BusEndpoints> logger) : IBusEndpoints
{
    private static readonly TimeSpan ReadyWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    public async Task<IAsyncDisposable> ConnectAsync(
        string queue, Action<EndpointBuilder> configure, CancellationToken cancellationToken = default)
    {
        EndpointBuilder builder = new(queue);
        configure(builder);
        WatchedEndpoint endpoint = bus.Connect(queue, configurator => builder.Apply(configurator, services, bus));
        Connected connected = new(endpoint, builder, bus, logger);
        try
        {
            await endpoint.Ready.WaitAsync(ReadyWait, cancellationToken);
            return connected;
        }
        catch
        {
            await connected.DisposeAsync();
            throw;
        }
    }

    private sealed class Connected(WatchedEndpoint endpoint, EndpointBuilder builder, BusConnection bus, ILogger logger) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using CancellationTokenSource patience = new(StopWait);
            try
            {
                await bus.DisconnectAsync(endpoint, patience.Token);
                if (bus.IsRabbitMq && builder.ExpiresAfter is not null)
                {
                    await RemoveExchangeAsync(bus.Options, bus.Prefixed(builder.Queue), patience.Token);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or TimeoutException || RabbitMqHost.IsOutage(failure))
            {
                logger.QueueNotRemoved(builder.Queue, failure.Message);
            }
        }

        /// <summary>The queue expires by itself, and is its connection's alone until then; its exchange would stay.</summary>
        private static async Task RemoveExchangeAsync(QuorateOptions options, string name, CancellationToken cancellationToken)
        {
            await using IConnection connection = await RabbitMqHost.Factory(options).CreateConnectionAsync(cancellationToken);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.ExchangeDeleteAsync(name, cancellationToken: cancellationToken);
        }
    }
}
