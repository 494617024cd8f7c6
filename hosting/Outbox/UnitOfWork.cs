using System.Data.Common;
using Dapper;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Crashing;
using Quorate.Hosting.Database;
using Quorate.Hosting.Locks;
using Quorate.Hosting.Replies;

namespace Quorate.Hosting.Outbox;

/// <summary>
/// One transaction that holds together what belongs together: the mark that a message was consumed, the state it changed, and the
/// messages this causes. Scoped: one for each message consumed; <see cref="UnitOfWorkFactory"/> makes one elsewhere. Not for use by
/// several tasks at once.
/// </summary>
public sealed class UnitOfWork
{
    private readonly IDatabase _database;
    private readonly TablePrefix _tables;
    private readonly OutboxSignal _signal;
    private readonly ICrashPoint _crash;
    private readonly TimeProvider _time;
    private DatabaseTransaction? _work;
    private readonly List<Action> _onCommitted = [];
    private bool _hasMessages;
    private bool _hasReplies;

    internal UnitOfWork(IDatabase database, TablePrefix tables, OutboxSignal signal, ICrashPoint crash, TimeProvider time)
    {
        _database = database;
        _tables = tables;
        _signal = signal;
        _crash = crash;
        _time = time;
        Outbox = new Outbox(this, tables, time);
        Replies = new PendingReplies(this, tables, time);
    }

    /// <summary>The connection, inside <see cref="RunAsync{T}"/>.</summary>
    public DbConnection Connection => Open.Connection;

    /// <summary>The transaction, inside <see cref="RunAsync{T}"/>.</summary>
    public DbTransaction Transaction => Open.Transaction;

    /// <summary><see cref="IDatabase.Sessions"/>; inside <see cref="RunAsync{T}"/> the one in use is counted.</summary>
    public long Sessions => _database.Sessions;

    /// <summary>What the database spells its own way.</summary>
    public SqlDialect Dialect => _database.Dialect;

    /// <summary>Messages that leave when this commits.</summary>
    public Outbox Outbox { get; }

    /// <summary>The delivery being consumed; null elsewhere.</summary>
    public Delivery? Delivery { get; internal set; }

    /// <summary>Short name of the message being consumed, for crash points; null elsewhere.</summary>
    public string? MessageType { get; set; }

    internal PendingReplies Replies { get; }

    private DatabaseTransaction Open =>
        _work ?? throw new InvalidOperationException("no transaction: use the unit of work inside RunAsync");

    /// <summary>
    /// Runs the body in a transaction and commits when it returns; an exception rolls everything back. A call inside the body joins
    /// the transaction that is open. The body may be run again by whoever called, never by this method.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<UnitOfWork, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        if (_work is not null)
        {
            return await body(this, cancellationToken);
        }
        T result;
        await using (DatabaseTransaction work = await _database.BeginAsync(cancellationToken))
        {
            _work = work;
            _hasMessages = _hasReplies = false;
            _onCommitted.Clear();
            try
            {
                result = await body(this, cancellationToken);
                await Replies.KeepAsync();
                _crash.Reached(CrashPoints.Decided, MessageType);
                await work.CommitAsync(cancellationToken);
            }
            finally
            {
                _work = null;
            }
        }
        _crash.Reached(CrashPoints.Committed, MessageType);
        if (_hasMessages)
        {
            _signal.Messages.Raise();
        }
        if (_hasReplies)
        {
            _signal.Replies.Raise();
        }
        foreach (Action hint in _onCommitted)
        {
            hint();
        }
        return result;
    }

    /// <summary>
    /// Gives a hint to this process once the transaction has committed; forgotten when it rolls back, lost when the process dies. What
    /// must happen goes into the <see cref="Outbox"/>.
    /// </summary>
    /// <param name="hint">Quick, and never throws.</param>
    public void OnCommitted(Action hint)
    {
        _ = Open;
        _onCommitted.Add(hint);
    }

    /// <summary>The same for a body without a result.</summary>
    public Task RunAsync(Func<UnitOfWork, CancellationToken, Task> body, CancellationToken cancellationToken) =>
        RunAsync(
            async (work, token) =>
            {
                await body(work, token);
                return true;
            },
            cancellationToken);

    /// <summary>Marks a message as consumed by <paramref name="consumer"/>, in this transaction.</summary>
    /// <returns>False when it was already: do nothing, what it caused is committed. A concurrent duplicate waits here for the first.</returns>
    public async Task<bool> InboxAsync(Guid messageId, string consumer)
    {
        bool isNew = await Connection.ExecuteAsync(
            $"""
            INSERT INTO {_tables.Inbox} (message_id, consumer, received_at) VALUES (@messageId, @consumer, @now)
            ON CONFLICT (message_id, consumer) DO NOTHING
            """,
            new { messageId, consumer, now = _time.GetUtcNow() },
            Transaction) == 1;
        if (!isNew)
        {
            Replies.Forget();
        }
        return isNew;
    }

    /// <summary>
    /// Refuses to go on unless the lock is still ours: locks its token row until this transaction ends and compares (rule S12).
    /// Call it first, before the service rows.
    /// </summary>
    /// <exception cref="StaleLockTokenException">Somebody took the lock after us, or we noticed its loss.</exception>
    public async Task RequireTokenAsync(IDistributedSynchronizationHandle handle)
    {
        long? newest = await LockTokens.NewestAsync(Open, Dialect, handle.Name);
        if (newest != handle.FencingToken || handle.HandleLostToken.IsCancellationRequested)
        {
            throw new StaleLockTokenException(
                $"the lock '{handle.Name}' was held with token {handle.FencingToken}, the newest is {newest}: another holder came after us");
        }
    }

    internal void HasWrittenMessages() => _hasMessages = true;

    internal void HasWrittenReplies() => _hasReplies = true;
}
