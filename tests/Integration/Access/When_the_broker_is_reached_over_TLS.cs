using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using RabbitMQ.Client;

namespace Quorate.Tests.Integration.Access;

/// <summary>A real scheduler's process, since whom a process trusts is decided once in its life.</summary>
[Collection(BrokerWithUsers.Collection)]
public sealed class When_the_broker_is_reached_over_TLS(BrokerWithUsers broker)
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_trusted_by_its_certificate_or_not_at_all(bool isTrusted)
    {
        string directory = Directory.CreateTempSubdirectory("quorate-tls-").FullName;
        int port = FreePort.Find();
        await File.WriteAllTextAsync(
            $"{directory}/bus", new UriBuilder(broker.AddressOf("scheduler")) { Scheme = "amqps", Host = "localhost", Port = broker.EncryptedPort }.Uri.AbsoluteUri);
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "quorate-scheduler")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Settings(directory, port, isTrusted))
        {
            start.Environment[name] = value;
        }
        using Process scheduler = Process.Start(start) ?? throw new InvalidOperationException("the scheduler was not started");
        Everything log = new();
        scheduler.OutputDataReceived += (_, line) => log.Write(line.Data ?? "");
        scheduler.ErrorDataReceived += (_, line) => log.Write(line.Data ?? "");
        scheduler.BeginOutputReadLine();
        scheduler.BeginErrorReadLine();
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        try
        {
            await (isTrusted
                ? Eventually.HoldsAsync($"it is ready: {string.Join('\n', log.Lines)}", () => IsReadyAsync(http), StartTimeMax)
                : Eventually.HoldsAsync("it goes on without the bus", () => log.Lines.Any(line => line.Contains("[1504]", StringComparison.Ordinal)), StartTimeMax));

            Assert.Equal(isTrusted, await IsReadyAsync(http));
        }
        finally
        {
            scheduler.Kill();
            await scheduler.WaitForExitAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Beside the transport's connection there is one that looks after queues, by the client's own means.</summary>
    [Theory]
    [InlineData("amqps://u:p@rabbit1/", true, 5671)]
    [InlineData("amqps://u:p@rabbit1:7000/", true, 7000)]
    [InlineData("amqp://u:p@rabbit1/", false, 5672)]
    public void The_second_connection_takes_no_other_hosts_certificate(string address, bool isEncrypted, int port)
    {
        ConnectionFactory factory = RabbitMqHost.Factory(new QuorateOptions { Bus = address });

        Assert.Equal((isEncrypted, "rabbit1", SslPolicyErrors.None), (factory.Ssl.Enabled, factory.Ssl.ServerName, factory.Ssl.AcceptablePolicyErrors));
        Assert.Equal(port, factory.Endpoint.Port);
        Assert.Same(factory.Ssl, factory.Endpoint.Ssl);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return ready.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Dictionary<string, string> Settings(string directory, int port, bool isTrusted)
    {
        Dictionary<string, string> settings = new()
        {
            ["Quorate__ConfigurationFile"] = broker.ConfigurationFile,
            ["Quorate__Database"] = $"sqlite:{directory}/scheduler.db",
            ["Quorate__BusFile"] = $"{directory}/bus",
            ["Quorate__BusPrefix"] = BrokerWithUsers.Prefix,
            ["Quorate__Urls"] = $"http://127.0.0.1:{port}",
        };
        if (isTrusted)
        {
            settings["SSL_CERT_FILE"] = broker.Certificate;
        }
        return settings;
    }
}
