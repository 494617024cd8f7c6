using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Operations;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Executor.Service.Operations;

/// <summary>
/// The newest operation of each service, so that the same order gets the same answer even from an executor that was started anew in
/// the same incarnation (rule S8). It must outlive this process, not the machine: with the machine the incarnation ends. So
/// files are renamed into place and not forced to disk. One writer at a time, the session has a gate for it; readers never wait for the disk.
/// </summary>
internal sealed class OperationStore
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _directory;
    private ImmutableSortedDictionary<ServiceName, TakenOperation> _newest = ImmutableSortedDictionary<ServiceName, TakenOperation>.Empty;

    private OperationStore(string directory) => _directory = directory;

    /// <summary>All of them, by service name.</summary>
    public ImmutableArray<TakenOperation> All => [.. Volatile.Read(ref _newest).Values];

    /// <summary>Opens what this incarnation has stored, and removes what earlier ones left.</summary>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static OperationStore Open(string stateDirectory, Incarnation incarnation, Action<string, string> unreadable)
    {
        string root = Path.Combine(stateDirectory, "operations");
        string own = Path.Combine(root, incarnation.Value);
        Directory.CreateDirectory(own);
        foreach (string other in Directory.GetDirectories(root).Where(directory => directory != own))
        {
            Directory.Delete(other, recursive: true);
        }

        OperationStore store = new(own);
        foreach (string file in Directory.GetFiles(own, "*.json"))
        {
            try
            {
                if (JsonSerializer.Deserialize<TakenOperation>(File.ReadAllText(file), Json) is { } taken)
                {
                    store._newest = store._newest.SetItem(taken.Order.Service, taken);
                }
            }
            catch (JsonException failure)
            {
                // The guard's journal knows the epoch too; nothing starts without it.
                unreadable(file, failure.Message);
            }
        }

        return store;
    }

    /// <summary>The newest operation of a service; null when there is none.</summary>
    public TakenOperation? Find(ServiceName service) => Volatile.Read(ref _newest).GetValueOrDefault(service);

    /// <summary>Stores the newest operation of a service.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Put(TakenOperation taken)
    {
        string file = Path.Combine(_directory, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(taken.Order.Service.Value)))}.json");
        string draft = $"{file}.new";
        File.WriteAllText(draft, JsonSerializer.Serialize(taken, Json));
        File.Move(draft, file, overwrite: true);
        Remember(taken);
    }

    /// <summary>An order as it is to be stored when it is taken: what was left stopped stays so until the service starts or stops as a whole.</summary>
    public TakenOperation Begin(OperateService order) => new(order, Answer: null)
    {
        LeftStopped = order.Action is NodeAction.Start or NodeAction.Stop or NodeAction.Receive ? [] : Find(order.Service)?.LeftStopped ?? [],
        Trace = Traces.Here,
    };

    /// <summary>Keeps it in memory only, for as long as this process lives.</summary>
    public void Remember(TakenOperation taken) => Volatile.Write(ref _newest, _newest.SetItem(taken.Order.Service, taken));
}
