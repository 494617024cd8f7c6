using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Settings;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Quorum.Service.Configuration;

/// <summary>Reads <c>cluster.conf</c> for the nodes and their votes.</summary>
internal static class ConfigurationFile
{
    /// <exception cref="SettingsException">The file cannot be read or used (#6); the message says why.</exception>
    public static ClusterConfiguration Read(string path, out string text)
    {
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable($"{failure.Message} Quorate:ConfigurationFile names the cluster.conf to read", failure);
        }

        ConfigurationResult result = ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn);
        return result.Configuration is { Nodes.IsEmpty: false } configuration
            ? configuration
            : throw Unusable(string.Join(" ", result.Problems
                .Where(problem => problem.Severity == ConfigSeverity.Error)
                .Select(problem => $"{path}:{problem.Line}: {problem.Text}")
                .DefaultIfEmpty($"{path} names no clusternode")));
    }

    private static SettingsException Unusable(string reason, Exception? cause = null)
    {
        string text = $"{MessageText.Format(CatalogueMessage.ServicesNotLoaded)}: {reason}";
        return cause is null ? new SettingsException(text) : new SettingsException(text, cause);
    }
}
