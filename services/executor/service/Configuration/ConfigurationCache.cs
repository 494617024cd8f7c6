using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Configuration;

/// <summary>
/// Configurations by digest: in memory, on this node's disk, or asked for over the bus. The digest is checked wherever the text
/// came from (rule S10). Safe for many callers.
/// </summary>
internal sealed class ConfigurationCache(string stateDirectory, ILogger logger)
{
    /// <summary>Versions kept in memory and on disk.</summary>
    private const int VersionsMax = 8;

    /// <summary>How long an operation waits for a configuration this node does not have.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string _directory = Path.Combine(stateDirectory, "configurations");
    private readonly ConcurrentDictionary<string, ConfigurationResult> _read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>What this node holds already; null when it would have to ask.</summary>
    public ConfigurationResult? Find(string digest)
    {
        if (_read.TryGetValue(digest, out ConfigurationResult? known))
        {
            return known;
        }

        lock (_gate)
        {
            string file = FileOf(digest);
            try
            {
                return File.Exists(file) ? Remember(digest, File.ReadAllText(file)) : null;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The scheduler has it too.
                logger.ConfigurationNotKept(digest, failure.Message);
                return null;
            }
        }
    }

    /// <summary>Finds a configuration, asking for it where this node does not hold it.</summary>
    /// <param name="digest">64 lower-case hexadecimal digits.</param>
    /// <param name="ask">Sends <see cref="RequestConfiguration"/>; called at once and then every second.</param>
    /// <returns>Null when nobody answered in time.</returns>
    public async Task<ConfigurationResult?> GetAsync(string digest, Action ask, CancellationToken cancellation)
    {
        if (Find(digest) is { } known)
        {
            return known;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WaitMax);
        TaskCompletionSource arrival = _awaited.GetOrAdd(digest, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        while (Find(digest) is null)
        {
            ask();
            try
            {
                await arrival.Task.WaitAsync(AskAgainAfter, limit.Token);
            }
            catch (TimeoutException)
            {
                // Nobody answered yet: ask again.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
        }

        return Find(digest);
    }

    /// <summary>Takes a text from the bus. One that does not match its digest is reported and dropped.</summary>
    public void Take(ConfigurationPublished published)
    {
        if (DigestOf(published.Text) != published.Digest)
        {
            logger.ConfigurationDamaged(published.Version, published.Digest);
            return;
        }

        lock (_gate)
        {
            Store(published);
            Remember(published.Digest, published.Text);
        }

        if (_awaited.TryRemove(published.Digest, out TaskCompletionSource? arrival))
        {
            arrival.TrySetResult();
        }
    }

    private ConfigurationResult? Remember(string digest, string text)
    {
        if (DigestOf(text) != digest)
        {
            logger.ConfigurationDamaged(0, digest);
            File.Delete(FileOf(digest));
            return null;
        }

        if (_read.Count >= VersionsMax)
        {
            _read.Clear();
        }

        return _read[digest] = ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn);
    }

    private void Store(ConfigurationPublished published)
    {
        try
        {
            Directory.CreateDirectory(_directory);
            string file = FileOf(published.Digest);
            File.WriteAllText($"{file}.new", published.Text);
            File.Move($"{file}.new", file, overwrite: true);
            foreach (FileInfo old in new DirectoryInfo(_directory).GetFiles("*.conf").OrderByDescending(known => known.LastWriteTimeUtc).Skip(VersionsMax))
            {
                old.Delete();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // In memory it serves as well; a full disk must not keep a service from starting here.
            logger.ConfigurationNotKept(published.Digest, failure.Message);
        }
    }

    private string FileOf(string digest) => Path.Combine(_directory, $"{digest}.conf");

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
