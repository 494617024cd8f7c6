using System.Diagnostics;
using System.Net;
using Quorate.Tests.Integration.Engines;

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
