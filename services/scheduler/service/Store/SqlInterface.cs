using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;

namespace Quorate.Scheduler.Service.Store;

/// <summary>
/// Makes the views that others may read, on PostgreSQL alone. Nothing of the cluster needs them: where they cannot be made that is said, with what to do,
/// and the scheduler starts all the same.
/// </summary>
internal sealed class SqlInterface(IDatabase database, ILogger<SqlInterface> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!database.Dialect.IsPostgreSql)
        {
            return;
        }
        string user = "";
        try
        {
            user = await UserAsync(cancellationToken);
            await database.MigrateAsync(SqlViews.Owner, SqlViews.Migrations, cancellationToken);
            if (!await GrantAsync(cancellationToken))
            {
                logger.ReaderRoleMissing();
            }
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or DatabaseForgetsException)
        {
            logger.ViewsNotMade(failure.Message, user);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string> UserAsync(CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition("SELECT current_user::text", cancellationToken: ct));
    }

    /// <summary>At each start, since an administrator may have made the role meanwhile.</summary>
    /// <returns>False when there is no such role.</returns>
    private async Task<bool> GrantAsync(CancellationToken ct)
    {
        // One scheduler at a time: the server refuses two that write the same rights at once. Whoever finds another at it leaves it to that one.
        await using DatabaseTransaction? work = await database.TryBeginExclusiveAsync("sql interface", ct);
        if (work is null)
        {
            return true;
        }
        await work.Connection.ExecuteAsync(new CommandDefinition(SqlViews.MakeReader, transaction: work.Transaction, cancellationToken: ct));
        bool isThere = await work.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"SELECT to_regrole('{SqlViews.Reader}') IS NOT NULL", transaction: work.Transaction, cancellationToken: ct));
        if (isThere)
        {
            await work.Connection.ExecuteAsync(new CommandDefinition(SqlViews.GrantReader, transaction: work.Transaction, cancellationToken: ct));
        }
        await work.CommitAsync(ct);
        return isThere;
    }
}
