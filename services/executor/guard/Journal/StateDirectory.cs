using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard.Journal;

/// <summary>
/// The guard's directory: <c>guard.lock</c> (one guard at a time), <c>guard.id</c> (names its cgroup), <c>incarnation.json</c>, <c>on-lease-loss.json</c>,
/// <c>journal/DIGEST.json</c> for each service, and <c>tmp</c> for the agents.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    private const int IdBytes = 8;
    private const int IncarnationBytes = 16;
    private const int FileNameBytes = 12;

    private readonly string _path;
    private readonly int _lock;

    private StateDirectory(string path, int held)
    {
        _path = path;
        _lock = held;
    }

    /// <summary>The directory's absolute path.</summary>
    public string Location => _path;

    /// <summary>Where agents keep their own small files.</summary>
    public string AgentTemporaryDirectory => Path.Combine(_path, "tmp");

    /// <summary>Takes the directory for this process.</summary>
    /// <exception cref="StateDirectoryException">Another guard holds it, or it cannot be used.</exception>
    public static StateDirectory Take(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            Directory.CreateDirectory(full);
            Directory.CreateDirectory(Path.Combine(full, "journal"));
            Directory.CreateDirectory(Path.Combine(full, "tmp"));
            string name = Path.Combine(full, "guard.lock");
            string holderFile = Path.Combine(full, "guard.pid");
            if (!File.Exists(name))
            {
                File.WriteAllText(name, "");
            }

            // Not a FileStream: .NET takes a lock of its own on it, and would answer before ours can say who holds it.
            int held = Libc.Open(name, Libc.OpenReadWrite | Libc.OpenCloseOnExec);
            if (held < 0)
            {
                throw Libc.Failure($"open {name}");
            }

            if (Libc.Lock(held, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
            {
                _ = Libc.Close(held);
                string holder = File.Exists(holderFile) ? File.ReadAllText(holderFile) : "unknown";
                throw new StateDirectoryException(
                    $"another guard (process {holder}) holds {name}: one guard a state directory; stop that one, or give this node a directory of its own");
            }

            File.WriteAllText(holderFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new StateDirectory(full, held);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StateDirectoryException($"the state directory {path} cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>What names this directory on the machine, whoever mounts it where.</summary>
    /// <exception cref="StateDirectoryException">It is damaged: what an earlier guard left could not be found by another id.</exception>
    public string ReadOrMintId()
    {
        string file = Path.Combine(_path, "guard.id");
        try
        {
            if (!File.Exists(file))
            {
                string minted = RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);
                DurableFile.Write(file, Encoding.ASCII.GetBytes(minted));
                return minted;
            }

            return File.ReadAllText(file).Trim() is { Length: IdBytes * 2 } id && id.All(char.IsAsciiHexDigit) ? id : throw new IOException("it holds no id");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, failure);
        }
    }

    /// <summary>The last incarnation of this directory; null where there was none.</summary>
    /// <exception cref="StateDirectoryException">The file is unreadable.</exception>
    public IncarnationRecord? ReadIncarnation() => Read(IncarnationFile, StateJson.Default.IncarnationRecord);

    /// <summary>Makes a new incarnation; the one before is remembered as proven ended.</summary>
    public IncarnationRecord MintIncarnation(IncarnationRecord? before)
    {
        ImmutableArray<Incarnation> ended = before is null ? [] : [.. before.Ended.Append(before.Current).TakeLast(IncarnationRecord.EndedMax)];
        IncarnationRecord minted = new()
        {
            Current = new Incarnation(RandomNumberGenerator.GetHexString(IncarnationBytes * 2, lowercase: true)),
            Ended = ended,
        };
        DurableFile.Write(IncarnationFile, JsonSerializer.SerializeToUtf8Bytes(minted, StateJson.Default.IncarnationRecord));
        return minted;
    }

    /// <summary>What is done when a lease runs out; stop where nothing was written.</summary>
    /// <exception cref="StateDirectoryException">The file is unreadable.</exception>
    public OnLeaseLoss ReadOnLeaseLoss() => Read(OnLeaseLossFile, StateJson.Default.LeaseLossRecord)?.OnLeaseLoss ?? OnLeaseLoss.Stop;

    /// <summary>Writes it; when it returns, it is on disk.</summary>
    public void WriteOnLeaseLoss(OnLeaseLoss onLeaseLoss) =>
        DurableFile.Write(OnLeaseLossFile, JsonSerializer.SerializeToUtf8Bytes(new LeaseLossRecord(onLeaseLoss), StateJson.Default.LeaseLossRecord));

    /// <summary>All services' journals.</summary>
    /// <exception cref="StateDirectoryException">One is unreadable: what it names may run, and cannot be stopped by us.</exception>
    public IReadOnlyList<JournalEntry> ReadJournal() =>
        [.. Directory.GetFiles(Path.Combine(_path, "journal"), "*.json")
            .Select(file => Read(file, GuardJson.Default.JournalEntry))
            .OfType<JournalEntry>()
            .OrderBy(entry => entry.Service)];

    /// <summary>Writes one service's journal; when it returns, it is on disk.</summary>
    public void WriteJournal(JournalEntry entry) =>
        DurableFile.Write(JournalFile(entry.Service), JsonSerializer.SerializeToUtf8Bytes(entry, GuardJson.Default.JournalEntry));

    /// <summary>Forgets one service.</summary>
    public void DeleteJournal(ServiceName service) => DurableFile.Delete(JournalFile(service));

    public void Dispose() => _ = Libc.Close(_lock);

    private string OnLeaseLossFile => Path.Combine(_path, "on-lease-loss.json");

    private string IncarnationFile => Path.Combine(_path, "incarnation.json");

    private string JournalFile(ServiceName service) => Path.Combine(
        _path, "journal", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(service.Value)).AsSpan(0, FileNameBytes))}.json");

    private static T? Read<T>(string file, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return !File.Exists(file) ? null : JsonSerializer.Deserialize(File.ReadAllBytes(file), type) ?? throw new JsonException("it holds null");
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, failure);
        }
    }

    private static StateDirectoryException Unreadable(string file, Exception failure) => new(
        $"{file} is unreadable ({failure.Message}): make sure by hand that nothing of this node's services runs, then delete it and start again", failure);
}
