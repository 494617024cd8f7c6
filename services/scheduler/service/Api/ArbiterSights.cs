using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Bus;
using Quorate.Scheduler.Service.Evaluation;

namespace Quorate.Scheduler.Service.Api;

/// <summary>What each quorum replica last said about the database. Every scheduler hears it, each ttl and when it asks.</summary>
internal sealed class ArbiterSights(ArbiterLooks looks, SchedulerTiming timing, TimeProvider time) : IMessageHandler<ArbiterSeen>
{
    /// <summary>Replicas remembered; the one longest silent makes room.</summary>
    private const int ReplicasMax = 32;

    /// <summary>A replica speaks every ttl; one silent for so many sweeps, each a ttl or a second, counts as gone.</summary>
    private const int SilenceSweeps = 5;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ArbiterReplicaView> _replicas = new(StringComparer.Ordinal);

    public Task HandleAsync(ArbiterSeen message, Delivery delivery, CancellationToken cancellationToken)
    {
        looks.Hear(message);
        lock (_lock)
        {
            _replicas[message.Replica] = new ArbiterReplicaView
            {
                Replica = message.Replica,
                IsTrusted = message.IsTrusted,
                Stored = message.Stored,
                Highest = new ArbiterPoint { Era = message.Era, Sequence = message.Sequence, Generation = message.Generation },
                SeenAt = time.GetUtcNow(),
            };
            if (_replicas.Count > ReplicasMax)
            {
                _replicas.Remove(_replicas.Values.MinBy(replica => replica.SeenAt)!.Replica); // not empty: one was just added
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>The replicas that were heard of lately.</summary>
    public ArbiterView View()
    {
        lock (_lock)
        {
            DateTimeOffset since = time.GetUtcNow() - (timing.Sweep * SilenceSweeps);
            ArbiterReplicaView[] replicas = [.. _replicas.Values.Where(replica => replica.SeenAt >= since)];
            return new ArbiterView { IsTrusted = replicas.Length == 0 ? null : replicas.All(replica => replica.IsTrusted), Replicas = replicas };
        }
    }
}
