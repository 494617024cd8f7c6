namespace Quorate.Tests.Simulation.Engine;

/// <summary>One session's transaction. Its locks go with its commit, its end, or the session's.</summary>
internal sealed class Transaction(Store store, Life life) : IDisposable
{
    /// <summary>How long a lock is waited for, in milliseconds: beyond it the server ends the waiter.</summary>
    public const int LockPatience = 1_500;

    private readonly Dictionary<string, object> _written = [];
    private readonly List<Envelope> _sent = [];
    private readonly List<Action> _onCommitted = [];

    public Life Life => life;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Which of the server's sessions this is in.</summary>
    public long Sessions { get; } = store.Sessions;

    /// <summary>The lock token a plan is applied under; null where none is claimed.</summary>
    public long? Token { get; set; }

    /// <summary>Reads what is committed, or what this transaction wrote.</summary>
    public async Task<T?> ReadAsync<T>(string key) where T : class
    {
        await store.ReachAsync(this);
        return Seen<T>(key);
    }

    /// <summary>Reads several rows by one statement: as they are at one moment.</summary>
    public async Task<IReadOnlyList<T?>> ReadAllAsync<T>(IEnumerable<string> keys) where T : class
    {
        await store.ReachAsync(this);
        return [.. keys.Select(Seen<T>)];
    }

    /// <summary>Reads a row that nobody else can change until this transaction ends.</summary>
    public async Task<T?> LockAsync<T>(string key) where T : class
    {
        await store.ReachAsync(this);
        await HoldAsync(key);
        return Seen<T>(key);
    }

    /// <summary>The same; false at once where somebody else has it.</summary>
    public async Task<bool> TryLockAsync(string key)
    {
        await store.ReachAsync(this);
        return await store.LockAsync(this, key, isPatient: false);
    }

    /// <summary>Within the statement that is under way: waits for the row's lock.</summary>
    public async Task HoldAsync(string key)
    {
        await store.LockAsync(this, key, isPatient: true);
        if (!IsOpen)
        {
            throw new StoreGoneException("the session is gone");
        }
    }

    /// <summary>The row as this transaction sees it now, without a statement of its own.</summary>
    public T? Seen<T>(string key) where T : class => (T?)(_written.GetValueOrDefault(key) ?? store.Committed(key));

    public void Write(string key, object row) => _written[key] = row;

    public void Send(string queue, object message) => _sent.Add(new Envelope(queue, message));

    public void OnCommitted(Action act) => _onCommitted.Add(act);

    public async Task CommitAsync()
    {
        await store.ReachAsync(this);
        store.Commit(this, _written, _sent);
        _onCommitted.ForEach(act => act());
    }

    /// <summary>Only by <see cref="Store"/>.</summary>
    public void Close() => IsOpen = false;

    public void Dispose() => store.Release(this);
}
