using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Quorate.Hosting.Database;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Hosting.Outbox;

/// <summary>How much waits in this service's outbox, and for how long. Every replica says the same: they share it.</summary>
internal sealed class OutboxGauges(IDatabase database, TablePrefix tables, TimeProvider time) : IGaugeSource
{
    /// <summary>Counted so far and no further: the longer the table, the less anybody wants it read through.</summary>
    private const int CountedMax = 100_000;

    public ImmutableArray<MetricDefinition> Gauges => [MetricCatalogue.OutboxAge, MetricCatalogue.OutboxWaiting];

    public async Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken)
    {
        // The embedded database knows no waiting without blocking, and the caller has others to ask.
        await Task.Yield();
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        (long? oldest, long waiting) = await connection.QuerySingleAsync<(long?, long)>(new CommandDefinition(
            $"""
            SELECT (SELECT written_at FROM {tables.Outbox} WHERE is_parked = 0 ORDER BY id LIMIT 1),
                (SELECT COUNT(*) FROM (SELECT 1 FROM {tables.Outbox} WHERE is_parked = 0 LIMIT {CountedMax}) AS counted)
            """,
            cancellationToken: cancellationToken));
        double age = oldest is { } written ? Math.Max(0, (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(written)).TotalSeconds) : 0;
        return [new GaugeValue(MetricCatalogue.OutboxAge, age, tables.Value), new GaugeValue(MetricCatalogue.OutboxWaiting, waiting, tables.Value)];
    }
}
