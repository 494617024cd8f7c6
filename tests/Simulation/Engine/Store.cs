namespace Quorate.Tests.Simulation.Engine;

/// <summary>
/// The database: rows under keys, transactions that lock rows and see what is committed, sessions that end. Rows are immutable, so a
/// reader keeps what it read. What a transaction sends goes to the outbox with its commit.
/// </summary>
internal sealed class Store
{
    private const int LongestStatement = 1_800;

    private readonly Dictionary<string, object> _rows = [];
    private readonly Dictionary<string, Transaction> _locks = [];
    private readonly Dictionary<string, Queue<(Transaction Waiter, TaskCompletionSource Granted)>> _waiting = [];
    private readonly List<Transaction> _open = [];
    private readonly List<Envelope> _outbox = [];
    private readonly World _world;
    private readonly Network _network;

    public Store(World world, Network network)
    {
        _world = world;
        _network = network;
        world.Died += _ => EndSessions(transaction => transaction.Life.IsDead);
    }

    /// <summary>Per thousand commits of which the client never hears.</summary>
    public int UnknownCommits { get; set; }

    /// <summary>Per thousand statements that take long.</summary>
    public int Slowness { get; set; }

    /// <summary>Grows whenever every session has ended, so that everybody opens a new one. A database cannot go back below an open one.</summary>
    public long Sessions { get; private set; } = 1;

    /// <summary>Called before each row is replaced: transaction, key, the row before and the row after.</summary>
    public event Action<Transaction, string, object?, object>? Committing;

    /// <summary>What was committed and is not known to be sent, in order.</summary>
    public IReadOnlyList<Envelope> Outbox => _outbox;

    /// <summary>The judge's look at a row; no process has this.</summary>
    public T? Peek<T>(string key) where T : class => (T?)_rows.GetValueOrDefault(key);

    /// <summary>Sets a row up before anything runs.</summary>
    public void Plant(string key, object row) => _rows[key] = row;

    /// <summary>A backup: all rows, and what was not yet sent.</summary>
    public (IReadOnlyDictionary<string, object> Rows, IReadOnlyList<Envelope> Outbox) Keep() => (new Dictionary<string, object>(_rows), [.. _outbox]);

    /// <summary>The database goes back to a backup, or fails over to a copy that was behind.</summary>
    public void Restore((IReadOnlyDictionary<string, object> Rows, IReadOnlyList<Envelope> Outbox) kept)
    {
        EndEverySession();
        _rows.Clear();
        foreach ((string key, object row) in kept.Rows)
        {
            _rows[key] = row;
        }

        _outbox.Clear();
        _outbox.AddRange(kept.Outbox);
    }

    public Transaction Begin(Life life)
    {
        Transaction transaction = new(this, life);
        _open.Add(transaction);
        return transaction;
    }

    public void EndEverySession()
    {
        EndSessions(_ => true);
        Sessions++;
    }

    public void EndSessions(Func<Transaction, bool> which)
    {
        foreach (Transaction transaction in _open.Where(which).ToList())
        {
            Release(transaction);
        }
    }

    /// <summary>The way of one statement to the database and its beginning there.</summary>
    public async Task ReachAsync(Transaction transaction)
    {
        await _world.Delay(_world.Chance.PerThousand(Slowness) ? _world.Chance.Between(20, LongestStatement) : _world.Chance.Between(0, 3), transaction.Life);
        if (!transaction.IsOpen || !_network.Connects(transaction.Life.Host, Host.Database))
        {
            Release(transaction);
            throw new StoreGoneException("the session is gone");
        }
    }

    public async Task<bool> LockAsync(Transaction transaction, string key, bool isPatient)
    {
        if (!_locks.TryGetValue(key, out Transaction? holder))
        {
            _locks[key] = transaction;
            return true;
        }

        if (holder == transaction || !isPatient)
        {
            return holder == transaction;
        }

        TaskCompletionSource granted = new();
        if (!_waiting.TryGetValue(key, out Queue<(Transaction, TaskCompletionSource)>? line))
        {
            _waiting[key] = line = [];
        }

        line.Enqueue((transaction, granted));
        _world.After(Transaction.LockPatience, transaction.Life, () => granted.TrySetException(new StoreGoneException($"no lock on {key} in time")));
        await granted.Task;
        return true;
    }

    public object? Committed(string key) => _rows.GetValueOrDefault(key);

    public void Commit(Transaction transaction, Dictionary<string, object> written, List<Envelope> sent)
    {
        foreach ((string key, object row) in written)
        {
            Committing?.Invoke(transaction, key, _rows.GetValueOrDefault(key), row);
            _rows[key] = row;
        }

        _outbox.AddRange(sent);
        Release(transaction);
        if (_world.Chance.PerThousand(UnknownCommits))
        {
            throw new StoreGoneException("committed, and the session ended before it could say so");
        }
    }

    public void Sent(Envelope envelope) => _outbox.Remove(envelope);

    public void Release(Transaction transaction)
    {
        if (!_open.Remove(transaction))
        {
            return;
        }

        transaction.Close();
        foreach (string key in _locks.Where(held => held.Value == transaction).Select(held => held.Key).Order(StringComparer.Ordinal).ToList())
        {
            _locks.Remove(key);
            PassOn(key);
        }
    }

    private void PassOn(string key)
    {
        while (_waiting.TryGetValue(key, out Queue<(Transaction Waiter, TaskCompletionSource Granted)>? line) && line.TryDequeue(out var next))
        {
            if (next.Waiter.IsOpen && !next.Granted.Task.IsCompleted)
            {
                _locks[key] = next.Waiter;
                _world.After(0, next.Waiter.Life, () => next.Granted.TrySetResult());
                return;
            }
        }
    }
}
