using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Quorate.Hosting.Database;

/// <summary>Brings all tables up to date before the rest of the host starts. A database that is away is waited for, within bounds.</summary>
internal sealed class DatabaseStartup(
    IDatabase database, IEnumerable<MigrationSet> sets, TimeProvider time, ILogger<DatabaseStartup> logger) : IHostedService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        bool isTold = false;
        while (true)
        {
            try
            {
                foreach (MigrationSet set in sets)
                {
                    await database.MigrateAsync(set.Owner, set.Statements, cancellationToken);
                }
                return;
            }
            catch (Exception failure) when (failure is DbException { IsTransient: true } or TimeoutException
                && time.GetElapsedTime(begun) < LongestWait)
            {
                if (!isTold)
                {
                    // The configuration in force is in there, and nobody goes on without it.
                    logger.ConfigurationUnreachable();
                    isTold = true;
                }
                logger.DatabaseNotReady(failure.Message, (LongestWait - time.GetElapsedTime(begun)).TotalSeconds);
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
