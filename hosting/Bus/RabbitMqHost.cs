using MassTransit;
using Quorate.Hosting.Parked;
using Quorate.Hosting.Settings;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Hosting.Bus;

/// <summary>What is particular to RabbitMQ: the connection, the arguments of our queues, what counts as an outage.</summary>
internal static class RabbitMqHost
{
    /// <summary>After so many deliveries without an answer (each one a process that died over it) a message goes to the dead-letter queue.</summary>
    private const int DeliveryLimit = 20;

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectWait = TimeSpan.FromSeconds(5);

    public static void Configure(IRabbitMqBusFactoryConfigurator configurator, QuorateOptions options)
    {
        configurator.SendTopology.ConfigureErrorSettings = ParkedBounds.Apply;
        configurator.SendTopology.ConfigureDeadLetterSettings = ParkedBounds.Apply;
        Uri address = new(options.Bus);
        string[] user = address.UserInfo.Split(':', 2);
        string virtualHost = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        ushort port = address.Port > 0 ? (ushort)address.Port : (ushort)5672;
        configurator.Host(address.Host, port, virtualHost.Length == 0 ? "/" : virtualHost, host =>
        {
            host.Username(user[0].Length == 0 ? "guest" : Uri.UnescapeDataString(user[0]));
            host.Password(user.Length < 2 ? "guest" : Uri.UnescapeDataString(user[1]));
            host.PublisherConfirmation = true;
            host.Heartbeat(HeartbeatInterval);
            host.RequestedConnectionTimeout(ConnectWait);
            if (options.BusNodeList() is { Count: > 0 } nodes)
            {
                host.UseCluster(cluster =>
                {
                    foreach (string node in nodes)
                    {
                        cluster.Node(node);
                    }
                });
            }
        });
    }

    /// <summary>A durable, replicated queue: type, delivery limit and dead-letter queue are said aloud, not left to the broker's version.</summary>
    public static void Durable(IRabbitMqReceiveEndpointConfigurator configurator, string queue, TimeSpan? expires)
    {
        configurator.SetQuorumQueue();
        configurator.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        if (expires is { } unused)
        {
            configurator.QueueExpiration = unused;
        }
        else
        {
            configurator.BindDeadLetterQueue($"{queue}_dead", $"{queue}_dead", ParkedBounds.Apply);
        }
    }

    /// <summary>A queue that lives as long as this process is connected.</summary>
    public static void Temporary(IRabbitMqReceiveEndpointConfigurator configurator)
    {
        configurator.Durable = false;
        configurator.AutoDelete = true;
    }

    public static bool IsOutage(Exception failure) =>
        failure is MassTransit.ConnectionException or AlreadyClosedException or BrokerUnreachableException or ConnectFailureException
            or RabbitMQ.Client.Exceptions.OperationInterruptedException or IOException or ObjectDisposedException;
}
