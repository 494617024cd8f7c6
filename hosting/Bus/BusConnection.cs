using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Contracts.V1;
using Quorate.Hosting.Parked;
using Quorate.Hosting.Replies;
using Quorate.Hosting.Settings;
using RabbitMQ.Client;

namespace Quorate.Hosting.Bus;

/// <summary>
/// The bus of a process: RabbitMQ, or queues in memory. Several hosts in one process (the demo) share one by handing it to
/// <c>AddQuorateBus</c>; whoever called <see cref="Create"/> disposes it.
/// </summary>
public sealed class BusConnection : IAsyncDisposable
{
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    /// <summary>What a new connection may take before the broker counts as away.</summary>
    private static readonly TimeSpan ReachWait = TimeSpan.FromSeconds(5);

    private readonly BusStart _start;
    private readonly string _prefix;
    private readonly IBusControl _control;
    private readonly ILogger _logger;
    private readonly EndpointWatch _watch;
    private readonly ReplyChannel _replies;

    private BusConnection(QuorateOptions options, IBusControl control, ILogger logger)
    {
        Options = options;
        _logger = logger;
        _watch = new EndpointWatch(IsReachableAsync, TimeProvider.System, logger);
        _prefix = options.BusPrefix;
        _replies = new ReplyChannel(options);
        _control = control;
        _start = new BusStart(token => control.StartAsync(token), TimeProvider.System, logger);
    }

    /// <summary>True when a message handed over now would be with the broker at once.</summary>
    public bool IsReady => _start.IsDone && _control.CheckHealth().Status != BusHealthStatus.Unhealthy;

    internal QuorateOptions Options { get; }

    internal bool IsRabbitMq => Options.Bus != "memory";

    /// <summary>Makes the bus that <c>Quorate:Bus</c> names. Connects when the first host starts.</summary>
    public static BusConnection Create(QuorateOptions options, ILoggerFactory? loggers = null)
    {
        QuorateSettings.Check(options);
        LogContext.ConfigureCurrentLogContext(loggers ?? NullLoggerFactory.Instance);
        IBusControl control = options.Bus == "memory"
            ? MassTransit.Bus.Factory.CreateUsingInMemory(configurator => Name(configurator, options))
            : MassTransit.Bus.Factory.CreateUsingRabbitMq(configurator =>
            {
                RabbitMqHost.Configure(configurator, options);
                Name(configurator, options);
            });
        BusConnection bus = new(options, control, (loggers ?? NullLoggerFactory.Instance).CreateLogger<BusConnection>());
        if (bus.IsRabbitMq)
        {
            bus._watch.Start();
        }
        return bus;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _start.DisposeAsync();
        await _replies.DisposeAsync();
        if (_start.IsDone)
        {
            using CancellationTokenSource patience = new(StopWait);
            await _control.StopAsync(patience.Token);
        }
    }

    /// <summary>Begins to connect, once; the task ends when the broker answered.</summary>
    internal Task StartAsync() => _start.RunAsync();

    /// <summary>Adds a receive endpoint; it starts with the bus, or at once when the bus runs.</summary>
    internal WatchedEndpoint Connect(string queue, Action<IReceiveEndpointConfigurator> configure)
    {
        string name = Prefixed(queue);
        WatchedEndpoint endpoint = new(
            name,
            watched => _control.ConnectReceiveEndpoint(name, configurator =>
            {
                configurator.ConnectReceiveEndpointObserver(watched);
                configure(configurator);
            }),
            TimeProvider.System);
        _watch.Add(endpoint);
        return endpoint;
    }

    /// <summary>Ends an endpoint.</summary>
    internal async Task DisconnectAsync(WatchedEndpoint endpoint, CancellationToken cancellationToken)
    {
        _watch.Remove(endpoint);
        using (endpoint)
        {
            await endpoint.StopAsync(cancellationToken);
        }
    }

    internal ConnectHandle Observe(IReceiveObserver observer) => _control.ConnectReceiveObserver(observer);

    internal string Prefixed(string name) => _prefix + name;

    /// <summary>Hands a message to the broker and waits until it confirmed.</summary>
    /// <returns>False when it was for one queue and the broker gave it back, because that is not there. In memory nobody gives anything back.</returns>
    /// <exception cref="BusUnavailableException">It did not, in that time.</exception>
    internal async Task<bool> DeliverAsync(
        object message, Type type, Guid messageId, string? exchange, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await ConfirmedAsync(token => SendAsync(message, type, messageId, exchange, isMandatory: true, token), longest, cancellationToken);
            return true;
        }
        catch (MessageReturnedException)
        {
            return false;
        }
    }

    /// <summary>Answers whoever asked, and waits until the broker confirmed.</summary>
    /// <returns>False when the queue to answer to is gone.</returns>
    /// <exception cref="BusUnavailableException">The broker did not confirm in that time.</exception>
    internal async Task<bool> ReplyAsync(
        object message, Type type, Guid messageId, ReplyAddress to, TimeSpan longest, CancellationToken cancellationToken)
    {
        bool isThere = true;
        await ConfirmedAsync(
            async token => isThere = await ReplyAsync(message, type, messageId, to, token), longest, cancellationToken);
        return isThere;
    }

    private async Task ConfirmedAsync(Func<CancellationToken, Task> send, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (!IsReady)
        {
            throw new BusUnavailableException("not connected to the broker");
        }
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longest);
        try
        {
            // WaitAsync as well: while it reconnects, the transport looks at its token late.
            await send(limit.Token).WaitAsync(longest, cancellationToken);
        }
        catch (Exception failure) when (failure is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new BusUnavailableException($"no confirmation from the broker within {longest.TotalSeconds} s", failure);
        }
        catch (MessageReturnedException)
        {
            // The broker is there, and says that the queue is not.
            throw;
        }
        catch (Exception failure) when (RabbitMqHost.IsOutage(failure))
        {
            throw new BusUnavailableException(failure.Message, failure);
        }
        catch (Exception failure) when (IsRabbitMq && failure is not OperationCanceledException)
        {
            // A transport that is cut off under a send throws all sorts of things; only a broker that is there makes it the message's fault.
            if (!await IsReachableAsync(cancellationToken))
            {
                throw new BusUnavailableException(failure.Message, failure);
            }
            throw;
        }
    }

    /// <summary>The same, for messages that may be lost.</summary>
    /// <returns>False when the broker did not take it within two seconds.</returns>
    internal async Task<bool> TryDeliverAsync(object message, Type type, string? exchange, CancellationToken cancellationToken)
    {
        try
        {
            await ConfirmedAsync(
                token => SendAsync(message, type, Guid.NewGuid(), exchange, isMandatory: false, token), BusSender.LongestWait, cancellationToken);
            return true;
        }
        catch (BusUnavailableException)
        {
            return false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whoever says what may be lost must not end over it.
            _logger.NotSent(type.Name, $"{failure.GetType().Name}: {failure.Message}");
            return false;
        }
    }

    /// <summary>True when the broker takes a new connection now.</summary>
    private async Task<bool> IsReachableAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ReachWait);
        try
        {
            await using IConnection connection = await new BrokerQueues(Options).ConnectAsync(patience.Token);
            return true;
        }
        catch (Exception failure) when (RabbitMqHost.IsOutage(failure) || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static void Name(IBusFactoryConfigurator configurator, QuorateOptions options)
    {
        // What messages have in common is no address of its own.
        configurator.Publish<ICommand>(static topology => topology.Exclude = true);
        configurator.Publish<IServiceCommand>(static topology => topology.Exclude = true);
        configurator.Publish<IEvent>(static topology => topology.Exclude = true);
        configurator.Publish<IQuery>(static topology => topology.Exclude = true);
        configurator.MessageTopology.SetEntityNameFormatter(new EntityNames(configurator.MessageTopology.EntityNameFormatter, options.BusPrefix));
    }

    private async Task<bool> ReplyAsync(object message, Type type, Guid messageId, ReplyAddress to, CancellationToken cancellationToken)
    {
        if (IsRabbitMq)
        {
            return await _replies.SendAsync(message, type, messageId, to, cancellationToken);
        }
        ISendEndpoint endpoint = await _control.GetSendEndpoint(new Uri($"exchange:{to.Address}"));
        await endpoint.Send(
            message, type,
            Pipe.Execute<SendContext>(context =>
            {
                context.MessageId = messageId;
                context.RequestId = to.ClientRequest;
            }),
            cancellationToken);
        return true;
    }

    private async Task SendAsync(
        object message, Type type, Guid messageId, string? exchange, bool isMandatory, CancellationToken cancellationToken)
    {
        if (exchange is null)
        {
            await _control.Publish(message, type, Pipe.Execute<PublishContext>(context => context.MessageId = messageId), cancellationToken);
            return;
        }
        // exchange:, never queue: - the latter declares the queue again with other arguments, which the broker refuses.
        string address = IsRabbitMq ? exchange : exchange.Split('?')[0];
        ISendEndpoint endpoint = await _control.GetSendEndpoint(new Uri($"exchange:{Prefixed(address)}"));
        await endpoint.Send(
            message, type,
            Pipe.Execute<SendContext>(context =>
            {
                context.MessageId = messageId;
                if (context is RabbitMqSendContext rabbit)
                {
                    rabbit.Mandatory = isMandatory;
                }
            }),
            cancellationToken);
    }
}
