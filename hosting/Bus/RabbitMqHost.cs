using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using MassTransit;
using Quorate.Hosting.Parked;
using Quorate.Hosting.Settings;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Hosting.Bus;

/// <summary>What is particular to RabbitMQ: the connection, the arguments of our queues, what counts as an outage.</summary>
internal static class RabbitMqHost
{
    /// <summary>After so many deliveries without an answer (each one a process that died over it) a message goes to the dead-letter queue.</summary>
    private const int DeliveryLimit = 20;

    /// <summary>Messages that may wait in one queue.</summary>
    private const int LengthMax = 10_000;

    private const string DropOldest = "drop-head";
    private const ushort PlainPort = 5672;
    private const ushort EncryptedPort = 5671;

    /// <summary>How long a hint may wait in its queue. Not derived from a setting: the broker refuses a queue with other arguments than before.</summary>
    public static readonly TimeSpan HintAgeMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectWait = TimeSpan.FromSeconds(5);

    public static void Configure(IRabbitMqBusFactoryConfigurator configurator, QuorateOptions options)
    {
        configurator.SendTopology.ConfigureErrorSettings = ParkedBounds.Apply;
        configurator.SendTopology.ConfigureDeadLetterSettings = ParkedBounds.Apply;
        Uri address = new(options.Bus);
        string[] user = address.UserInfo.Split(':', 2);
        string virtualHost = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        bool isEncrypted = IsEncrypted(address);
        ushort port = address.Port > 0 ? (ushort)address.Port : isEncrypted ? EncryptedPort : PlainPort;
        configurator.Host(address.Host, port, virtualHost.Length == 0 ? "/" : virtualHost, host =>
        {
            host.Username(user[0].Length == 0 ? "guest" : Uri.UnescapeDataString(user[0]));
            host.Password(user.Length < 2 ? "guest" : Uri.UnescapeDataString(user[1]));
            if (isEncrypted)
            {
                host.UseSsl(ssl =>
                {
                    ssl.ServerName = address.Host;
                    // None leaves the version to the system's policy.
                    ssl.Protocol = SslProtocols.None;
                    // The transport takes any certificate otherwise.
                    ssl.EnforcePolicyErrors(
                        SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable);
                });
            }
            host.PublisherConfirmation = true;
            host.Heartbeat(HeartbeatInterval);
            host.RequestedConnectionTimeout(ConnectWait);
            if (options.BusNodeList() is { Count: > 0 } nodes)
            {
                host.UseCluster(cluster =>
                {
                    cluster.Node($"{address.Host}:{port}");
                    foreach (string node in nodes)
                    {
                        cluster.Node(node);
                    }
                });
            }
        });
    }

    /// <summary>For a connection beside the transport's. It does not recover by itself.</summary>
    public static ConnectionFactory Factory(QuorateOptions options)
    {
        UriBuilder address = new(options.Bus);
        address.Scheme = IsEncrypted(address.Uri) ? "amqps" : "amqp";
        ConnectionFactory factory = new()
        {
            Uri = address.Uri, AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = ConnectWait, RequestedHeartbeat = HeartbeatInterval,
        };
        // Said here, since an address alone makes the client accept the certificate of any other host.
        factory.Ssl.ServerName = address.Host;
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        return factory;
    }

    /// <summary>
    /// A durable, replicated queue: type, delivery limit, length and dead-letter queue are said aloud, not left to the broker's version.
    /// </summary>
    /// <param name="configurator">Of the endpoint.</param>
    /// <param name="queue">Its name with prefix.</param>
    /// <param name="areHints">What waits too long in it is dropped.</param>
    public static void Durable(IRabbitMqReceiveEndpointConfigurator configurator, string queue, bool areHints)
    {
        configurator.SetQuorumQueue();
        configurator.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        configurator.SetQueueArgument("x-max-length", LengthMax);
        if (areHints)
        {
            configurator.SetQueueArgument("x-overflow", DropOldest);
            configurator.SetQueueArgument("x-message-ttl", (int)HintAgeMax.TotalMilliseconds);
        }
        else
        {
            // Not taken any more, so it stays in the sender's outbox: back-pressure.
            configurator.SetQueueArgument("x-overflow", "reject-publish");
            configurator.BindDeadLetterQueue($"{queue}_dead", $"{queue}_dead", ParkedBounds.Apply);
        }
    }

    /// <summary>
    /// The queue of one life of a node: it ends with its reader's connection. What was in it is asked again once the reader says that it
    /// made a new one. Not replicated on purpose: joining nodes make queues all the time, and a quorum queue whose broker loses its power
    /// within half a second after it was made forgets its members, so that whoever publishes to it waits a minute at a time.
    /// </summary>
    public static void OfOneLife(IRabbitMqReceiveEndpointConfigurator configurator, TimeSpan unused)
    {
        configurator.Durable = false;
        configurator.Exclusive = true;
        configurator.QueueExpiration = unused;
        configurator.SetQueueArgument("x-queue-type", "classic");
        configurator.SetQueueArgument("x-max-length", LengthMax);
        // A full queue must not hold up what the same sender has for others.
        configurator.SetQueueArgument("x-overflow", DropOldest);
    }

    /// <summary>A queue that lives as long as this process is connected.</summary>
    public static void Temporary(IRabbitMqReceiveEndpointConfigurator configurator)
    {
        configurator.Durable = false;
        configurator.AutoDelete = true;
        configurator.SetQueueArgument("x-max-length", LengthMax);
    }

    /// <summary>
    /// True when the broker is away or does not take it now: no connection, none in time, a channel that closed under it, a queue that is
    /// full. Never the fault of what was to be sent.
    /// </summary>
    public static bool IsOutage(Exception failure) =>
        failure is ConnectionException or TransportException or RabbitMQClientException or ChannelClosedException or IOException
            or SocketException or TimeoutException or ObjectDisposedException;

    private static bool IsEncrypted(Uri address) => address.Scheme == "amqps";
}
