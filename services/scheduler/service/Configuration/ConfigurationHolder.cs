using Quorate.Model.Configuration;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>The configuration in force in this process. Replaced whole, never changed.</summary>
internal sealed class ConfigurationHolder
{
    private volatile ClusterConfiguration? _current;

    /// <summary>The configuration in force.</summary>
    /// <exception cref="InvalidOperationException">Nothing was loaded yet; the host loads before it serves.</exception>
    public ClusterConfiguration Current => _current ?? throw new InvalidOperationException("no configuration was loaded");

    /// <summary>True once there is one.</summary>
    public bool IsLoaded => _current is not null;

    public void Replace(ClusterConfiguration configuration) => _current = configuration;
}
