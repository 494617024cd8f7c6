using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Quorate.Contracts;
using Quorate.Hosting.Database;
using Quorate.Hosting.Telemetry.Metrics;

namespace Quorate.Scheduler.Service.Store;

/// <summary>How many services are in which state, by their rows. Every replica says the same.</summary>
internal sealed class ServiceGauges(IDatabase database) : IGaugeSource
{
    public ImmutableArray<MetricDefinition> Gauges => [MetricCatalogue.Services];

    public async Task<IReadOnlyList<GaugeValue>> ReadAsync(CancellationToken cancellationToken)
    {
        // The embedded database knows no waiting without blocking, and the caller has others to ask.
        await Task.Yield();
        await using DbConnection connection = await database.OpenAsync(cancellationToken);
        Dictionary<string, long> counts = (await connection.QueryAsync<(string State, long Count)>(new CommandDefinition(
            "SELECT state, COUNT(*) FROM scheduler_service GROUP BY state", cancellationToken: cancellationToken)))
            .ToDictionary(row => row.State, row => row.Count);
        return [.. Enum.GetValues<ServiceState>().Select(SchedulerJson.TextOf)
            .Select(state => new GaugeValue(MetricCatalogue.Services, counts.GetValueOrDefault(state), state))];
    }
}
