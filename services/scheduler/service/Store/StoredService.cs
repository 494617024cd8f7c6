using System.Text.Json;
using Quorate.Contracts;
using Quorate.Scheduler.Core;

namespace Quorate.Scheduler.Service.Store;

/// <summary>A service's record with the version it was read at.</summary>
/// <param name="Record">What is remembered of the service.</param>
/// <param name="Version">Grows by one with every write.</param>
/// <param name="Parked">Why nothing may move it; null as a rule.</param>
internal sealed record StoredService(ServiceRecord Record, long Version, string? Parked)
{
    /// <summary>Where the trace of its last change stands, for what becomes due later; null when nobody recorded it.</summary>
    public string? Trace { get; init; }

    /// <summary>Reads a row; null for no row.</summary>
    /// <exception cref="RowUnreadableException">Its document is no record, or another service's.</exception>
    public static StoredService? From(ServiceStore.Row? row)
    {
        if (row is null)
        {
            return null;
        }
        ServiceName name = new(row.Name);
        ServiceRecord? record;
        try
        {
            record = JsonSerializer.Deserialize<ServiceRecord>(row.Document, SchedulerJson.Options);
        }
        catch (JsonException broken)
        {
            throw new RowUnreadableException(name, broken.Message, broken);
        }
        if (record is null || record.Name != name)
        {
            throw new RowUnreadableException(name, record is null ? "its document is empty" : $"its document is that of {record.Name}");
        }
        return new StoredService(record, row.Version, row.Parked) { Trace = row.Trace };
    }
}
