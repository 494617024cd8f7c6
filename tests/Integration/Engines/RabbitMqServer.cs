using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Integration.Engines;

/// <summary>RabbitMQ for tests: the one of <c>QUORATE_TEST_RABBITMQ</c>, or a private one of Debian's package with an epmd of its own.</summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    public const string Variable = "QUORATE_TEST_RABBITMQ";
    private const string Programs = "/usr/lib/rabbitmq/bin";
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);

    private readonly ServerProcess? _server;
    private readonly ServerProcess? _names;
    private readonly string? _directory;

    private RabbitMqServer(string address, ServerProcess? server, ServerProcess? names, string? directory, IReadOnlyDictionary<string, string>? settings = null)
    {
        Address = address;
        Settings = settings ?? new Dictionary<string, string>();
        _server = server;
        _names = names;
        _directory = directory;
    }

    /// <summary>The amqp address.</summary>
    public string Address { get; }

    /// <summary>The environment in which its tools find it; empty for one that was given.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public static async Task<RabbitMqServer> StartAsync() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? new RabbitMqServer(given, null, null, null)
        : await StartOwnAsync();

    /// <summary>A private one, whose users may be changed.</summary>
    /// <param name="plugins">Their names, separated by commas.</param>
    /// <param name="configuration">Further lines of rabbitmq.conf.</param>
    public static async Task<RabbitMqServer> StartOwnAsync(string plugins = "", string configuration = "")
    {
        string directory = Directory.CreateTempSubdirectory("quorate-rabbitmq-").FullName;
        int port = FreePort.Find();
        int namesPort = FreePort.Find();
        await File.WriteAllTextAsync($"{directory}/rabbitmq.conf", "loopback_users = none\nlog.console = false\ncollect_statistics_interval = 30000\n" + configuration);
        await File.WriteAllTextAsync($"{directory}/enabled_plugins", $"[{plugins}].\n");
        string namesDirectory = Directory.CreateDirectory($"{directory}/epmd").FullName;
        ServerProcess names = ServerProcess.Start(
            namesDirectory, $"epmd -port {namesPort} -address 127.0.0.1", "kill -KILL $server", new Dictionary<string, string>());
        await names.ListensAsync(namesPort, StartWait);
        Dictionary<string, string> settings = SettingsOf(directory, port, namesPort);
        ServerProcess server = ServerProcess.Start(directory, $"{Programs}/rabbitmq-server", $"kill -TERM $(cat {directory}/pid)", settings);
        await server.ListensAsync(port, StartWait);
        RabbitMqServer started = new($"amqp://guest:guest@127.0.0.1:{port}/", server, names, directory, settings);
        await started.AnswersAsync();
        return started;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null && _names is not null && _directory is not null)
        {
            await _server.DisposeAsync();
            await _names.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static Dictionary<string, string> SettingsOf(string directory, int port, int namesPort) => new()
    {
        ["HOME"] = directory,
        ["RABBITMQ_NODENAME"] = $"quorate{port}@localhost",
        ["RABBITMQ_NODE_PORT"] = $"{port}",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_DIST_PORT"] = $"{FreePort.Find()}",
        ["RABBITMQ_MNESIA_BASE"] = $"{directory}/mnesia",
        ["RABBITMQ_LOG_BASE"] = $"{directory}/log",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{directory}/enabled_plugins",
        ["RABBITMQ_CONFIG_FILE"] = $"{directory}/rabbitmq",
        ["RABBITMQ_CONF_ENV_FILE"] = $"{directory}/none",
        ["RABBITMQ_PID_FILE"] = $"{directory}/pid",
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = $"{directory}/generated",
        ["RABBITMQ_FEATURE_FLAGS_FILE"] = $"{directory}/feature_flags",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_PORT"] = $"{namesPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    /// <summary>A listener is there a little before users are.</summary>
    private async Task AnswersAsync()
    {
        ConnectionFactory factory = new() { Uri = new Uri(Address), AutomaticRecoveryEnabled = false };
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using IConnection connection = await factory.CreateConnectionAsync();
                return;
            }
            catch (BrokerUnreachableException) when (Stopwatch.GetElapsedTime(begun) < StartWait)
            {
                await Task.Delay(ProbeInterval);
            }
        }
    }
}
