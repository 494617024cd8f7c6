using System.Data.Common;

namespace Quorate.Hosting.Database;

/// <summary>One connection and its transaction; disposing it without <see cref="CommitAsync"/> rolls back.</summary>
public sealed class DatabaseTransaction : IAsyncDisposable
{
    private readonly Action _released;
    private bool _isDisposed;

    internal DatabaseTransaction(DbConnection connection, DbTransaction transaction, Action released)
    {
        Connection = connection;
        Transaction = transaction;
        _released = released;
    }

    /// <summary>The open connection; commands on it name <see cref="Transaction"/>.</summary>
    public DbConnection Connection { get; }

    /// <summary>The open transaction.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>Makes everything durable, or throws and nothing is.</summary>
    public Task CommitAsync(CancellationToken cancellationToken = default) => Transaction.CommitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        try
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
        finally
        {
            _released();
        }
    }
}
