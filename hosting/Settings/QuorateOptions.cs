namespace Quorate.Hosting.Settings;

/// <summary>The section <c>Quorate</c> of the settings (<c>Quorate__Bus</c> and so on in the environment). Read by <see cref="QuorateSettings"/>.</summary>
public sealed class QuorateOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Quorate";

    /// <summary>Path of <c>cluster.conf</c>; may be empty for a service that gets its configuration over the bus.</summary>
    public string ConfigurationFile { get; set; } = "";

    /// <summary><c>memory</c>, or <c>amqp://user:password@host:port/vhost</c>.</summary>
    public string Bus { get; set; } = "memory";

    /// <summary>Path of a file that holds what <see cref="Bus"/> would: one line, as <c>quorate broker users</c> writes it. Read once, at start.</summary>
    public string BusFile { get; set; } = "";

    /// <summary>Further nodes of a RabbitMQ cluster, <c>host:port</c> separated by commas; empty for a single broker.</summary>
    public string BusNodes { get; set; } = "";

    /// <summary>Put before every queue and exchange name, so that several clusters can share one broker; 0 to 40 of a-z 0-9 - _ .</summary>
    public string BusPrefix { get; set; } = "";

    /// <summary><c>sqlite:PATH</c> or a Npgsql connection string; empty for a service that stores nothing.</summary>
    public string Database { get; set; } = "";

    /// <summary>Path of a file that holds what <see cref="Database"/> would, in one line. Read once, at start.</summary>
    public string DatabaseFile { get; set; } = "";

    /// <summary>Where HTTP is served, as Kestrel takes it; several separated by semicolons.</summary>
    public string Urls { get; set; } = "";

    /// <summary>Quorum and scheduler: path of the file that says whose tokens count; empty leaves the API open to everybody who reaches it.</summary>
    public string TokensFile { get; set; } = "";

    /// <summary>Executor: path of a file that holds its token for the quorum replicas; empty where those ask for none.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>The name of this replica in logs and histories; by default host name and process id.</summary>
    public string Replica { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Executor: which <c>clusternode</c> this is.</summary>
    public string Node { get; set; } = "";

    /// <summary>Executor: base addresses of the quorum replicas, separated by commas.</summary>
    public string QuorumUrls { get; set; } = "";

    /// <summary>Executor: where agents may come from, separated by colons.</summary>
    public string AgentDirectories { get; set; } = "";

    /// <summary>
    /// Executor: where the journal lives. Quorum: where the replica remembers how far it saw the database count (rule S14), a directory of its
    /// own that no backup of the database restores; empty remembers in memory only.
    /// </summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>The length of a lease in milliseconds, from 200; null takes <c>totem/@token</c>.</summary>
    public int? TtlMilliseconds { get; set; }

    /// <summary>Quorum: where fence agents may come from, separated by colons.</summary>
    public string FenceAgentDirectories { get; set; } = "/usr/sbin";

    /// <summary>Quorum: how long one run of a fence agent may take, in seconds, from 1 to 3600.</summary>
    public int FenceTimeoutSeconds { get; set; } = 60;

    /// <summary>Where OpenTelemetry data goes (OTLP); empty sends none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Tests only: kill this process at a point, <c>received|decided|committed|sent|acknowledged[:MessageType]</c>.</summary>
    public string CrashAt { get; set; } = "";

    /// <summary>Tests only: a file made when <see cref="CrashAt"/> struck; while it exists nothing crashes again.</summary>
    public string CrashMarker { get; set; } = "";

    /// <summary>The list in <see cref="QuorumUrls"/>.</summary>
    public IReadOnlyList<Uri> QuorumAddresses() => [.. Parts(QuorumUrls, ',').Select(static text => new Uri(text))];

    /// <summary>The list in <see cref="AgentDirectories"/>.</summary>
    public IReadOnlyList<string> AgentDirectoryList() => Parts(AgentDirectories, ':');

    /// <summary>The list in <see cref="FenceAgentDirectories"/>.</summary>
    public IReadOnlyList<string> FenceAgentDirectoryList() => Parts(FenceAgentDirectories, ':');

    /// <summary>The list in <see cref="BusNodes"/>.</summary>
    public IReadOnlyList<string> BusNodeList() => Parts(BusNodes, ',');

    private static string[] Parts(string text, char separator) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
