using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.V1;
using Quorate.Hosting;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Service;
using Quorate.Scheduler.Service;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>It says why under its number, tells the cluster if it can, and ends. Source: messages #8 and #10; rgmanager.md 4.1.</summary>
public sealed class When_a_program_cannot_start : IAsyncLifetime, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-program-").FullName;
    private readonly BusConnection _bus = BusConnection.Create(new QuorateOptions());
    private readonly LogBook _logs = new();
    private LampHost _peer = null!; // set by InitializeAsync before any test

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "cluster.conf"), SchedulerCluster.Configuration(SchedulerCluster.Rm()));
        _peer = await LampHost.StartAsync(new QuorateOptions { Database = $"sqlite:{_directory}/peer.db" }, bus: _bus);
    }

    public async Task DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _bus.DisposeAsync();
    }

    public void Dispose()
    {
        _logs.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("quorum")]
    [InlineData("scheduler")]
    [Trait("Message", "8")]
    [Trait("Message", "10")]
    public async Task An_address_that_another_process_has_is_named_here_and_to_the_cluster(string component)
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        await using WebApplication program = Build(component, $"http://{other.LocalEndpoint}");

        int exitCode = await ProgramRun.RunAsync(program, component);

        Assert.Equal(ProgramRun.ExitNotStarted, exitCode);
        Assert.Equal(["#10: Couldn't set up listen socket"], _logs.Logged(10));
        Assert.Equal(["#8: Couldn't initialize services"], _logs.Logged(8));
        Assert.Contains($"{other.LocalEndpoint}", Assert.Single(_logs.Logged(1541)), StringComparison.Ordinal);
        await Eventually.HoldsAsync("both are raised", () => Raised(component).SequenceEqual([10, 8]));
    }

    /// <summary>Whatever else it is, the address was not the reason.</summary>
    [Fact]
    [Trait("Message", "8")]
    public async Task A_database_that_another_process_has_is_the_reason_and_no_socket_is_blamed()
    {
        await using IDatabase other = DatabaseFactory.Create($"sqlite:{_directory}/quorum.db");
        await using WebApplication program = Build("quorum", "http://127.0.0.1:0");

        int exitCode = await ProgramRun.RunAsync(program, "quorum");

        Assert.Equal(ProgramRun.ExitNotStarted, exitCode);
        Assert.Contains("in use by another process", Assert.Single(_logs.Logged(1541)), StringComparison.Ordinal);
        Assert.Equal(["#8: Couldn't initialize services"], _logs.Logged(8));
        Assert.Empty(_logs.Logged(10));
        await Eventually.HoldsAsync("it is raised", () => Raised("quorum").SequenceEqual([8]));
    }

    [Fact]
    [Trait("Message", "8")]
    public async Task Settings_that_cannot_be_used_are_said_before_there_is_a_log()
    {
        using StringWriter error = new();

        int exitCode = await ProgramRun.RefuseAsync(error, new SettingsException(["Quorate:Node is missing"]));

        Assert.Equal(ProgramRun.ExitUnusableSettings, exitCode);
        Assert.Contains("Quorate:Node is missing", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"#8: Couldn't initialize services{Environment.NewLine}", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>It is waited for, within bounds; a program that is told to end meanwhile ends well.</summary>
    [Fact]
    [Trait("Message", "5")]
    public async Task A_database_that_is_not_there_is_said_once_and_waited_for()
    {
        using CancellationTokenSource end = new();
        await using WebApplication program = Build("quorum", "http://127.0.0.1:0", "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");

        Task<int> running = ProgramRun.RunAsync(program, "quorum", end.Token);
        await Eventually.HoldsAsync("it is tried again", () => _logs.Logged(1505).Count >= 2);
        await end.CancelAsync();

        Assert.Equal(0, await running);
        Assert.Equal(["#5: Couldn't connect to ccsd!"], _logs.Logged(5));
        Assert.Empty(_logs.Logged(8));
    }

    [Fact]
    public async Task One_that_can_runs_until_it_is_told_to_end()
    {
        using CancellationTokenSource end = new();
        await using WebApplication program = Build("quorum", "http://127.0.0.1:0");
        program.Lifetime.ApplicationStarted.Register(end.Cancel);

        int exitCode = await ProgramRun.RunAsync(program, "quorum", end.Token);

        Assert.Equal(0, exitCode);
        Assert.Empty(_logs.Logged(8));
    }

    private IEnumerable<int> Raised(string component) => _peer.Raised.Where(raised => raised.Component == component).Select(raised => raised.Number);

    private WebApplication Build(string component, string urls, string? database = null)
    {
        WebApplicationBuilder builder = ProgramBuilder.Web([]);
        builder.Logging.ClearProviders().AddProvider(_logs);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:ConfigurationFile"] = Path.Combine(_directory, "cluster.conf"),
            ["Quorate:Database"] = database ?? $"sqlite:{_directory}/{component}.db",
            ["Quorate:StateDirectory"] = _directory,
            ["Quorate:Urls"] = urls,
        });
        if (component == "scheduler")
        {
            SchedulerHost.Configure(builder, _bus);
        }
        else
        {
            QuorumHost.Configure(builder, bus: _bus);
        }
        return builder.Build();
    }
}
