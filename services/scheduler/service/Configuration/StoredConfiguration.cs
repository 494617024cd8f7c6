namespace Quorate.Scheduler.Service.Configuration;

/// <summary>One version of <c>cluster.conf</c> as it is stored.</summary>
internal sealed class StoredConfiguration
{
    public string Digest { get; set; } = "";

    public long Version { get; set; }

    public string Text { get; set; } = "";
}
