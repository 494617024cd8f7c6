namespace Quorate.Tests.Simulation.Engine;

/// <summary>
/// The broker: queues with competing consumers. It keeps what nobody takes, gives again what a dead consumer had, and, while things go
/// wrong, loses, doubles and holds back.
/// </summary>
internal sealed class Bus
{
    private const int AgainAfter = 120;
    private const int DeliveriesMax = 6;
    private const int LongestLag = 7_000;

    private readonly SortedDictionary<string, List<Consumer>> _consumers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<Envelope>> _waiting = new(StringComparer.Ordinal);
    private readonly List<(Consumer Consumer, Envelope Envelope)> _taken = [];
    private readonly World _world;
    private readonly Network _network;
    private readonly Life _broker = new("broker", Host.Broker);
    private int _turn;

    public Bus(World world, Network network)
    {
        _world = world;
        _network = network;
        world.Died += _ => TakeBack();
    }

    /// <summary>Every queue of an incarnation that is there now.</summary>
    public IEnumerable<string> NodeQueues => _consumers.Keys.Where(queue => queue.StartsWith("executor/", StringComparison.Ordinal)).ToList();

    public void Consume(string queue, Life life, Func<Envelope, Task> take)
    {
        if (!_consumers.TryGetValue(queue, out List<Consumer>? consumers))
        {
            _consumers[queue] = consumers = [];
        }

        consumers.Add(new Consumer(life, take));
        if (_waiting.Remove(queue, out List<Envelope>? waiting))
        {
            waiting.ForEach(envelope => Deliver(envelope, _network.Lag(LongestLag)));
        }
    }

    /// <summary>An incarnation's own queue goes with it.</summary>
    public void Remove(string queue)
    {
        _consumers.Remove(queue);
        _waiting.Remove(queue);
    }

    /// <summary>Gives a message to the broker.</summary>
    /// <returns>False when it did not take it.</returns>
    public bool Publish(Host from, Envelope envelope)
    {
        if (!_network.Connects(from, Host.Broker))
        {
            return false;
        }

        if (_world.Chance.PerThousand(_network.Trouble))
        {
            _world.Tell($"{from}: the bus loses {envelope.Message.GetType().Name} to {envelope.Queue}");
            return true;
        }

        Deliver(envelope, _network.Lag(LongestLag));
        if (_world.Chance.PerThousand(_network.Trouble))
        {
            Deliver(envelope, _network.Lag(LongestLag) + _world.Chance.Between(0, LongestLag));
        }

        return true;
    }

    private void Deliver(Envelope envelope, long lag) => _world.After(lag, _broker, () => Offer(envelope));

    private void Offer(Envelope envelope)
    {
        if (!_consumers.TryGetValue(envelope.Queue, out List<Consumer>? consumers) || consumers.TrueForAll(consumer => consumer.Life.IsDead))
        {
            if (!_waiting.TryGetValue(envelope.Queue, out List<Envelope>? waiting))
            {
                _waiting[envelope.Queue] = waiting = [];
            }

            waiting.Add(envelope);
            return;
        }

        List<Consumer> ready = [.. consumers.Where(consumer => !consumer.Life.IsDead && _network.Connects(Host.Broker, consumer.Life.Host))];
        if (ready.Count == 0)
        {
            Deliver(envelope, AgainAfter);
            return;
        }

        Consumer chosen = ready[_turn++ % ready.Count];
        _taken.Add((chosen, envelope));
        _world.After(1, chosen.Life, () => _world.Begin(chosen.Life, () => TakeAsync(chosen, envelope)));
    }

    private async Task TakeAsync(Consumer consumer, Envelope envelope)
    {
        try
        {
            await consumer.Take(envelope);
            _taken.Remove((consumer, envelope));
        }
        catch (StoreGoneException)
        {
            _taken.Remove((consumer, envelope));
            if (++envelope.Deliveries < DeliveriesMax)
            {
                Deliver(envelope, AgainAfter * envelope.Deliveries);
            }
            else
            {
                _world.Tell($"{consumer.Life}: {envelope.Message.GetType().Name} goes to the error queue");
            }
        }
    }

    private void TakeBack()
    {
        foreach ((Consumer consumer, Envelope envelope) in _taken.Where(taken => taken.Consumer.Life.IsDead).ToList())
        {
            _taken.Remove((consumer, envelope));
            Deliver(envelope, AgainAfter);
        }
    }

    private sealed record Consumer(Life Life, Func<Envelope, Task> Take);
}
