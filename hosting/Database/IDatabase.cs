using System.Data.Common;
using Quorate.Hosting.Locks;

namespace Quorate.Hosting.Database;

/// <summary>
/// The arbiter: one PostgreSQL database or one SQLite file. Statements are written once, in portable SQL; what differs stands in
/// <see cref="Dialect"/>. Conventions: identifiers, enumerations and GUIDs are TEXT, instants are BIGINT unix milliseconds (UTC),
/// documents are TEXT holding JSON; columns are snake_case and map to PascalCase properties.
/// </summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>What differs between the two databases.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The distributed locks of this database.</summary>
    IDistributedLockProvider Locks { get; }

    /// <summary>
    /// How many sessions were opened with the server so far, those that <see cref="Reserve"/> has apart. A database cannot go back to an
    /// earlier state below an open session: who finds this number unchanged knows that what was true of it before still is (rule S14).
    /// </summary>
    long Sessions { get; }

    /// <summary>Opens a connection for statements that each commit by themselves. The caller disposes it.</summary>
    Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins a READ COMMITTED (PostgreSQL) or IMMEDIATE (SQLite) transaction on a connection of its own.</summary>
    /// <exception cref="TimeoutException">SQLite: another transaction of this process did not end within 10 s.</exception>
    Task<DatabaseTransaction> BeginAsync(CancellationToken cancellationToken = default);

    /// <summary>The same, if no other process or task is between this call with the same name and the end of its transaction.</summary>
    /// <returns>The transaction, or null when somebody else has it.</returns>
    Task<DatabaseTransaction?> TryBeginExclusiveAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Brings the tables of <paramref name="owner"/> up to date: runs, in one transaction and under a lock, those of
    /// <paramref name="migrations"/> that were not run yet. Forward only: an entry never changes once it was released, new ones are
    /// appended. <c>{identity}</c> in the text stands for the type of a growing primary key, <c>{transaction}</c> for
    /// <see cref="SqlDialect.TransactionId"/>.
    /// </summary>
    Task MigrateAsync(string owner, IReadOnlyList<string> migrations, CancellationToken cancellationToken = default);

    /// <summary>
    /// Calls <paramref name="rung"/> at once and whenever a transaction that rang the channel (<see cref="SqlDialect.Notify"/>) has committed, until it is
    /// cancelled or the session breaks. A hint: one may be lost, and some come for nothing.
    /// </summary>
    /// <param name="channel">Lower-case letters and underscores.</param>
    /// <param name="rung">Quick, and never throws.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DbException">The session broke: listen again.</exception>
    Task ListenAsync(string channel, Action rung, CancellationToken cancellationToken = default);

    /// <summary>The same database through connections of its own, so that no other work can starve the caller (rule S3).</summary>
    /// <param name="connectionsMax">1 to 100. SQLite has no pool to reserve from and returns itself.</param>
    IDatabase Reserve(int connectionsMax);
}
