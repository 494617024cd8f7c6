using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;
using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>
/// Reads <c>cluster.conf</c> at start, keeps it under its digest for the nodes to fetch, and gives every service a row. A version that
/// is not newer than the stored one is not taken: a replica with another file must not turn the cluster back, nor
/// decide by other rules than its peers. A newer one meets the objections that a command to apply it would meet: a start with the wrong file
/// must not stop what runs. What is put into force later, by command, is taken over while it runs.
/// </summary>
internal sealed class ConfigurationLoader(
    UnitOfWorkFactory units,
    ConfigurationHolder holder,
    QuorateOptions options,
    MessageRaiser raiser,
    TimeProvider time,
    ILogger<ConfigurationLoader> logger)
{
    /// <summary>Reads a file without touching the database; for settings that are needed before the host is built.</summary>
    /// <exception cref="SettingsException">The file cannot be read or holds no cluster (#6).</exception>
    public static ConfigurationResult ReadFile(string file) => ReadFile(file, out _);

    private static ConfigurationResult ReadFile(string file, out string text)
    {
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"#6: Error loading services: the configuration {file} could not be read: {failure.Message}"]);
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
                ClusterConfiguration chosen = await ChooseAsync(work, read, offered, text, token);
                await ConfigurationChange.AddServicesAsync(work, chosen, time.GetUtcNow(), token);
                await ConfigurationStore.OutlineAsync(work, chosen.Digest, ConfigurationOutline.Of(chosen), token);
                if (chosen.Digest == offered.Digest)
                {
                    await RaiseBrokenTreesAsync(work, read);
                }
                return chosen;
            },
            ct);
        holder.Replace(current);
        logger.ConfigurationLoaded(current.Version, current.ClusterName, current.Services.Length, current.Nodes.Length);
    }

    /// <summary>Takes what another replica, or this one, has put into force meanwhile.</summary>
    /// <returns>True when it was another one than before.</returns>
    public async Task<bool> RefreshAsync(UnitOfWork work, CancellationToken ct)
    {
        if (await ConfigurationStore.NewestDigestAsync(work, ct) is not { } digest || digest == holder.Current.Digest
            || await ConfigurationStore.FindAsync(work, digest, ct) is not { } stored)
        {
            return false;
        }
        if (stored.Read() is not { } newer)
        {
            logger.StoredConfigurationUnreadable((int)stored.Version);
            return false;
        }
        holder.Replace(newer);
        logger.ConfigurationLoaded(newer.Version, newer.ClusterName, newer.Services.Length, newer.Nodes.Length);
        return true;
    }

    /// <summary>The one in force, as <see cref="RefreshAsync"/> would take it over; nothing of this process changes.</summary>
    public async Task<ClusterConfiguration> InForceAsync(UnitOfWork work, CancellationToken ct) =>
        await ConfigurationStore.NewestDigestAsync(work, ct) is { } digest && digest != holder.Current.Digest
            ? (await ConfigurationStore.FindAsync(work, digest, ct))?.Read() ?? holder.Current
            : holder.Current;

    /// <summary>A command to apply such a file is refused; at the first start there is nothing to keep instead, so its sound part counts and this is said.</summary>
    private async Task RaiseBrokenTreesAsync(UnitOfWork work, ConfigurationResult read)
    {
        if (read.BrokenTrees.FirstOrDefault() is not { } first)
        {
            return;
        }
        MessageDefinition definition = MessageCatalogue.Of(CatalogueMessage.ResourceTreeNotBuilt);
        logger.Catalogued(definition.Id, []);
        string text = $"{MessageText.Format(definition, [])} (line {first.Line}: {first.Text}; quorate validate shows all {read.BrokenTrees.Count()})";
        await raiser.RaiseAsync(work, definition.Number, text, "scheduler");
    }

    private async Task<ClusterConfiguration> ChooseAsync(
        UnitOfWork uow, ConfigurationResult read, ClusterConfiguration offered, string text, CancellationToken ct)
    {
        await ConfigurationStore.TakeTurnAsync(uow, ct);
        StoredConfiguration? newest = await ConfigurationStore.NewestAsync(uow, ct);
        if (newest?.Digest == offered.Digest)
        {
            return offered;
        }
        // Where this program cannot read what is in force, nothing can be compared, and without any configuration nobody could mend that.
        ClusterConfiguration? current = newest?.Read();
        if (newest is not null && newest.Version >= offered.Version)
        {
            logger.StoredConfigurationIsNewer((int)newest.Version, options.ConfigurationFile, offered.Version);
            return current ?? offered;
        }
        if (current is not null && await ConfigurationChange.ObjectionAsync(uow, current, read, ct) is { } objection)
        {
            logger.ConfigurationFileRefused(options.ConfigurationFile, offered.Version, current.Version, objection);
            return current;
        }
        await ConfigurationChange.StoreAsync(uow, offered, text, requestId: "", time.GetUtcNow(), ct);
        return offered;
    }
}
