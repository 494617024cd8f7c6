using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Sagas;

namespace Quorate.Hosting.Bus;

/// <summary>Says what one queue consumes and within which bounds.</summary>
public sealed class EndpointBuilder
{
    /// <summary>Messages the broker hands out before they are acknowledged.</summary>
    private const int PrefetchDefault = 32;

    /// <summary>Messages handled at a time.</summary>
    private const int ConcurrencyDefault = 16;

    private readonly List<Action<IReceiveEndpointConfigurator, IServiceProvider>> _consumers = [];
    private readonly List<Type> _services = [];
    private Action? _connected;

    internal EndpointBuilder(string queue) => Queue = queue;

    /// <summary>The queue's name without prefix.</summary>
    public string Queue { get; }

    internal bool IsTemporary { get; private set; }

    internal bool AreHints { get; private set; }

    internal TimeSpan? ExpiresAfter { get; private set; }

    internal int PrefetchCount { get; private set; } = PrefetchDefault;

    internal int ConcurrencyMax { get; private set; } = ConcurrencyDefault;

    /// <summary>Classes that the container must be able to make.</summary>
    internal IReadOnlyList<Type> Services => _services;

    /// <summary>Consumes <typeparamref name="T"/> with inbox and unit of work.</summary>
    public EndpointBuilder Consumer<TConsumer, T>() where TConsumer : InboxConsumer<T> where T : class =>
        Add<TConsumer>((endpoint, services) => endpoint.Handler<T>(context => Consuming.WithInboxAsync<TConsumer, T>(context, services)));

    /// <summary>Consumes <typeparamref name="T"/> without a database.</summary>
    public EndpointBuilder Handler<THandler, T>() where THandler : class, IMessageHandler<T> where T : class =>
        Add<THandler>((endpoint, services) => endpoint.Handler<T>(context => Consuming.PlainAsync<THandler, T>(context, services)));

    /// <summary>Consumes <typeparamref name="T"/> with a function, for short-lived endpoints.</summary>
    public EndpointBuilder On<T>(Func<T, Delivery, CancellationToken, Task> handle) where T : class
    {
        _consumers.Add((endpoint, services) => endpoint.Handler<T>(context => Consuming.FunctionAsync(context, services, handle)));
        return this;
    }

    /// <summary>Consumes the events of a state machine; each runs in one transaction with its inbox mark and its outbox.</summary>
    public EndpointBuilder Saga<TMachine, TSaga, TStore>()
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, SagaStateMachineInstance
        where TStore : class, ISagaStore<TSaga>
    {
        _services.Add(typeof(TStore));
        return Add<TMachine>((endpoint, services) =>
        {
            SagaContextFactory<TSaga, TStore> contexts = new(services.GetRequiredService<IServiceScopeFactory>(), Queue);
            endpoint.StateMachineSaga(services.GetRequiredService<TMachine>(), new SagaRepository<TSaga>(contexts, contexts, contexts));
        });
    }

    /// <summary>At most so many unacknowledged messages, 1 to 1000, and so many at a time, 1 to 100.</summary>
    public EndpointBuilder Bounds(int prefetch, int concurrency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefetch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefetch, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(concurrency, 100);
        PrefetchCount = prefetch;
        ConcurrencyMax = concurrency;
        return this;
    }

    /// <summary>
    /// For what is said again anyway (heartbeats, inventories): what waits longer than <see cref="RabbitMqHost.HintAgeMax"/>, or is one too
    /// many, is dropped by the broker. Whoever consumes again after a while finds the present, not the past.
    /// </summary>
    public EndpointBuilder Hints()
    {
        AreHints = true;
        return this;
    }

    /// <summary>
    /// The queue of one life of a node: it ends with its reader's connection, or when nobody consumed from it for this long. Send to it
    /// with <c>?durable=false</c> behind its name.
    /// </summary>
    /// <param name="unused">At least a second.</param>
    /// <param name="connected">Called whenever the queue was made or found again; what was sent to it before may be lost.</param>
    public EndpointBuilder OfOneLife(TimeSpan unused, Action connected)
    {
        ExpiresAfter = unused;
        _connected = connected;
        return this;
    }

    /// <summary>The queue ends with this process: events to every replica.</summary>
    public EndpointBuilder Temporary()
    {
        IsTemporary = true;
        return this;
    }

    internal void Apply(IReceiveEndpointConfigurator endpoint, IServiceProvider services, BusConnection bus)
    {
        endpoint.PrefetchCount = PrefetchCount;
        endpoint.ConcurrentMessageLimit = ConcurrencyMax;
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            if (IsTemporary)
            {
                RabbitMqHost.Temporary(rabbit);
            }
            else if (ExpiresAfter is { } unused)
            {
                RabbitMqHost.OfOneLife(rabbit, unused);
            }
            else
            {
                RabbitMqHost.Durable(rabbit, bus.Prefixed(Queue), AreHints);
            }
        }
        if (_connected is { } connected)
        {
            endpoint.ConnectReceiveEndpointObserver(new ConnectedObserver(connected));
        }
        endpoint.AddDeserializer(new TypedJsonFactory(bus.Options.BusPrefix), isDefault: false);
        endpoint.DefaultContentType = TypedJson.JsonContentType;
        endpoint.UseFilter(new TrueToExchange(bus.Options.BusPrefix));
        endpoint.UseMessageRetry(static retry => retry.SetRetryPolicy(static _ => new DeliveryRetry()));
        foreach (Action<IReceiveEndpointConfigurator, IServiceProvider> consumer in _consumers)
        {
            consumer(endpoint, services);
        }
    }

    private EndpointBuilder Add<TService>(Action<IReceiveEndpointConfigurator, IServiceProvider> consumer)
    {
        _services.Add(typeof(TService));
        _consumers.Add(consumer);
        return this;
    }
}
