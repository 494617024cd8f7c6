using Dapper;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Sagas;

namespace Quorate.Tests.Integration.Hosting;

public sealed class LampStore : ISagaStore<Lamp>
{
    public static readonly string[] Tables =
    [
        """
        CREATE TABLE lamps (correlation_id TEXT PRIMARY KEY, current_state TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
            version INTEGER NOT NULL)
        """,
    ];

    public async Task<Lamp?> LoadAsync(UnitOfWork work, Guid correlationId, CancellationToken cancellationToken) =>
        await work.Connection.QuerySingleOrDefaultAsync<Lamp>(
            $"SELECT * FROM lamps WHERE correlation_id = @correlationId{work.Dialect.ForUpdate}", new { correlationId }, work.Transaction);

    public async Task<bool> InsertAsync(UnitOfWork work, Lamp saga, CancellationToken cancellationToken) =>
        await work.Connection.ExecuteAsync(
            """
            INSERT INTO lamps (correlation_id, current_state, name, count, version) VALUES (@CorrelationId, @CurrentState, @Name, @Count, 1)
            ON CONFLICT DO NOTHING
            """,
            saga, work.Transaction) == 1;

    public async Task<bool> UpdateAsync(UnitOfWork work, Lamp saga, CancellationToken cancellationToken) =>
        await work.Connection.ExecuteAsync(
            """
            UPDATE lamps SET current_state = @CurrentState, count = @Count, version = version + 1
            WHERE correlation_id = @CorrelationId AND version = @Version
            """,
            saga, work.Transaction) == 1;

    public Task DeleteAsync(UnitOfWork work, Lamp saga, CancellationToken cancellationToken) =>
        work.Connection.ExecuteAsync("DELETE FROM lamps WHERE correlation_id = @CorrelationId", saga, work.Transaction);
}
