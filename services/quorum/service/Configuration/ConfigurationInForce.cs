using Quorate.Model.Configuration;

namespace Quorate.Quorum.Service.Configuration;

/// <summary>The <c>cluster.conf</c> this replica decides by. Replaced whole, never changed.</summary>
internal sealed class ConfigurationInForce(ClusterConfiguration first, string text)
{
    private volatile ClusterConfiguration _current = first;

    /// <summary>The configuration in force.</summary>
    public ClusterConfiguration Current => _current;

    /// <summary>The text of the file that this replica was started with.</summary>
    public string FileText => text;

    public void Replace(ClusterConfiguration configuration) => _current = configuration;
}
