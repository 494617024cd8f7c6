using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Scheduler.Core;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>
/// What the configuration in force wants of the services that run by an older one. Comparing two is work, so each pair is compared once. For one
/// caller at a time: the evaluator.
/// </summary>
internal sealed class ConfigurationDifferences(ILogger<ConfigurationDifferences> logger)
{
    /// <summary>Older configurations that something runs by; more are compared anew each time.</summary>
    private const int ComparedMax = 16;

    private readonly Dictionary<string, (ClusterConfiguration Before, ConfigurationDelta Delta)> _compared = [];
    private string _inForce = "";

    /// <summary>What differs for the services that run, or ran last, by an older one; none, without any work, while everything runs by the configuration in force.</summary>
    public async Task<ImmutableDictionary<ServiceName, ServiceChange>> FindAsync(
        UnitOfWork work, ClusterConfiguration current, IEnumerable<ServiceRecord> services, CancellationToken ct)
    {
        List<ServiceRecord> records = [.. services];
        Func<ServiceRecord, ServiceChange?> changeOf = await ChangeOfAsync(work, current, records, ct);
        ImmutableDictionary<ServiceName, ServiceChange>.Builder changes = ImmutableDictionary.CreateBuilder<ServiceName, ServiceChange>();
        foreach (ServiceRecord record in records)
        {
            if (changeOf(record) is { } change)
            {
                changes[record.Name] = change;
            }
        }
        return changes.ToImmutable();
    }

    /// <summary>The same as a question that can be asked of each of these services again, once more has become of it.</summary>
    public async Task<Func<ServiceRecord, ServiceChange?>> ChangeOfAsync(
        UnitOfWork work, ClusterConfiguration current, IEnumerable<ServiceRecord> services, CancellationToken ct)
    {
        Begin(current);
        Dictionary<string, (ClusterConfiguration Before, ConfigurationDelta Delta)> compared = [];
        foreach (string digest in services.Select(record => record.RunsBy).OfType<string>().Where(digest => digest != current.Digest).Distinct())
        {
            if (await CompareAsync(work, digest, current, ct) is { } known)
            {
                compared[digest] = known;
            }
        }
        return record => record.RunsBy is { } digest && compared.TryGetValue(digest, out (ClusterConfiguration Before, ConfigurationDelta Delta) known)
            ? ServiceChange.Of(record, known.Before, current, known.Delta)
            : null;
    }

    private void Begin(ClusterConfiguration current)
    {
        if (_inForce != current.Digest || _compared.Count > ComparedMax)
        {
            _compared.Clear();
            _inForce = current.Digest;
        }
    }

    private async Task<(ClusterConfiguration Before, ConfigurationDelta Delta)?> CompareAsync(
        UnitOfWork work, string digest, ClusterConfiguration current, CancellationToken ct)
    {
        if (_compared.TryGetValue(digest, out (ClusterConfiguration, ConfigurationDelta) known))
        {
            return known;
        }
        if ((await ConfigurationStore.FindAsync(work, digest, ct))?.Read() is not { } before)
        {
            // Only a database that was restored without it: the service runs on as it is until it is started anew.
            logger.OldConfigurationUnknown(digest);
            return null;
        }
        return _compared[digest] = (before, ConfigurationDelta.Between(before, current));
    }
}
