using Quorate.Contracts.Views;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>One version of <c>cluster.conf</c> as it is stored.</summary>
internal sealed class StoredConfiguration
{
    public string Digest { get; set; } = "";

    public long Version { get; set; }

    public string Text { get; set; } = "";

    public long StoredAt { get; set; }

    public string RequestId { get; set; } = "";

    /// <summary>Written with it, and read by SQL alone: a <see cref="ConfigurationOutline"/>.</summary>
    public string? Outline { get; set; }

    /// <summary>Reads it; null where this version of the program cannot.</summary>
    public ClusterConfiguration? Read() => ClusterConfigurationReader.Read(Text, ResourceTypeCatalog.BuiltIn).Configuration;

    /// <summary>As people and programs see it.</summary>
    public ConfigurationView View(string inForce, bool withText) => new()
    {
        Version = (int)Version,
        Digest = Digest,
        Since = DateTimeOffset.FromUnixTimeMilliseconds(StoredAt),
        RequestId = RequestId,
        IsInForce = Digest == inForce,
        Text = withText ? Text : null,
    };
}
