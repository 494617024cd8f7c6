using Quorate.Hosting.Database;

namespace Quorate.Quorum.Service;

/// <summary>
/// Runs once at start when <c>Quorate:AcceptArbiter</c> is true: takes a database that went back as the truth, in a new era (rule S14).
/// The operator must have made sure that no node runs services the database does not know of.
/// </summary>
internal sealed class ArbiterAcceptance(IDatabase database, ILogger<ArbiterAcceptance> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using DatabaseTransaction work = await database.BeginAsync(cancellationToken);
        bool isAccepted = await new LeaseStore(work.Connection, work.Transaction, database.Dialect).AcceptAsync();
        await work.CommitAsync(cancellationToken);
        if (isAccepted)
        {
            logger.ArbiterAccepted();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
