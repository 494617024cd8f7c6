using Dapper;
using Quorate.Contracts;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>
/// Reads <c>cluster.conf</c> at start, keeps it under its digest for the nodes to fetch, and gives every service a row. A version that
/// is not newer than the stored one is not taken: a replica with another file must not turn the cluster back, nor
/// decide by other rules than its peers.
/// </summary>
internal sealed class ConfigurationLoader(
    UnitOfWorkFactory units,
    ConfigurationHolder holder,
    QuorateOptions options,
    TimeProvider time,
    ILogger<ConfigurationLoader> logger)
{
    /// <summary>Reads a file without touching the database; for settings that are needed before the host is built.</summary>
    /// <exception cref="SettingsException">The file cannot be read (#5) or holds no cluster (#6).</exception>
    public static ConfigurationResult ReadFile(string file) => ReadFile(file, out _);

    private static ConfigurationResult ReadFile(string file, out string text)
    {
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"#5: Couldn't connect to ccsd! The configuration {file} could not be read: {failure.Message}"]);
        }
        ConfigurationResult result = ClusterConfigurationReader.Read(text, Model.Resources.ResourceTypeCatalog.BuiltIn);
        if (result.Configuration is null)
        {
            string first = result.Problems is [var problem, ..] ? $"line {problem.Line}: {problem.Text}" : "it holds no cluster";
            throw new SettingsException([$"#6: Error loading services: {file}, {first}. Run quorate validate {file}"]);
        }
        return result;
    }

    /// <summary>Loads, stores and puts in force.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        ConfigurationResult read = ReadFile(options.ConfigurationFile, out string text);
        foreach (ConfigProblem problem in read.Problems)
        {
            logger.ConfigurationProblem(options.ConfigurationFile, problem.Line, problem.Severity.ToString(), problem.Code, problem.Text);
        }
        ClusterConfiguration offered = read.Configuration!; // ReadFile throws where there is none
        ClusterConfiguration current = await units.Create().RunAsync(
            async (work, token) =>
            {
                ClusterConfiguration chosen = await StoreAsync(work, offered, text, token);
                DateTimeOffset now = time.GetUtcNow();
                foreach (ServiceDefinition service in chosen.Services)
                {
                    await ServiceStore.AddAsync(work, ServiceRecord.New(service.Name, now), token);
                }
                return chosen;
            },
            ct);
        holder.Replace(current);
        logger.ConfigurationLoaded(current.Version, current.ClusterName, current.Services.Length, current.Nodes.Length);
    }

    private async Task<ClusterConfiguration> StoreAsync(UnitOfWork uow, ClusterConfiguration offered, string text, CancellationToken ct)
    {
        StoredConfiguration? newest = await uow.Connection.QueryFirstOrDefaultAsync<StoredConfiguration>(new CommandDefinition(
            "SELECT digest, version, text FROM scheduler_configuration ORDER BY version DESC, stored_at DESC LIMIT 1",
            transaction: uow.Transaction, cancellationToken: ct));
        if (newest is not null && newest.Version >= offered.Version && newest.Digest != offered.Digest)
        {
            logger.StoredConfigurationIsNewer((int)newest.Version, options.ConfigurationFile, offered.Version);
            return ClusterConfigurationReader.Read(newest.Text, Model.Resources.ResourceTypeCatalog.BuiltIn).Configuration ?? offered;
        }
        await uow.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO scheduler_configuration (digest, version, text, stored_at) VALUES (@Digest, @Version, @text, @now)
            ON CONFLICT (digest) DO NOTHING
            """,
            new { offered.Digest, offered.Version, text, now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            uow.Transaction, cancellationToken: ct));
        return offered;
    }

    /// <summary>One stored version by its digest; null when there is none such.</summary>
    public static Task<StoredConfiguration?> FindAsync(UnitOfWork uow, string digest, CancellationToken ct) =>
        uow.Connection.QueryFirstOrDefaultAsync<StoredConfiguration>(new CommandDefinition(
            "SELECT digest, version, text FROM scheduler_configuration WHERE digest = @digest", new { digest }, uow.Transaction, cancellationToken: ct));
}
