using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Hosting;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Access;

/// <summary>What fails is told often and by many; none of it may tell the password.</summary>
[Collection(BrokerWithUsers.Collection)]
public sealed class When_a_password_is_wrong(BrokerWithUsers broker)
{
    private const string Password = "A-password-like-no-other";

    [Fact]
    public async Task Neither_the_broker_nor_the_database_nor_the_transport_tells_it()
    {
        string bus = Path.Combine(broker.Root, $"wrong-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(bus, new UriBuilder(broker.AddressOf("scheduler")) { Password = Password }.Uri.AbsoluteUri);
        string database = $"{bus}.database";
        await File.WriteAllTextAsync(database, $"Host=127.0.0.1;Port={FreePort.Find()};Username=quorate;Password={Password};Timeout=1");
        Everything log = new();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Quorate:BusFile"] = bus, ["Quorate:DatabaseFile"] = database });
        QuorateOptions options = QuorateSettings.Read(builder.Configuration, nameof(QuorateOptions.Database));
        builder.Services.AddQuorateBus(options, "test");
        builder.Services.AddSingleton(provider => DatabaseFactory.Create(options.Database));
        using IHost host = builder.Build();

        await host.StartAsync();
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var connection = await host.Services.GetRequiredService<IDatabase>().OpenAsync();
        });
        log.Write(failure.ToString());
        await Eventually.HoldsAsync("the transport complains", () => log.Lines.Any(line => line.Contains("ACCESS_REFUSED", StringComparison.Ordinal)));

        Assert.DoesNotContain(log.Lines, line => line.Contains(Password, StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("amqp:/user:A-password-like-no-other@host", "Quorate:Bus must be")]
    [InlineData("first\nsecond A-password-like-no-other", "must hold one line")]
    public async Task A_file_that_cannot_be_used_is_named_and_not_told(string text, string expected)
    {
        string file = Path.Combine(broker.Root, $"wrong-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, text);

        SettingsException refused = Assert.Throws<SettingsException>(() => QuorateSettings.Read(Settings("BusFile", file)));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_sentence()
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => QuorateSettings.Read(Settings("BusFile", "/no/such/file")));

        Assert.StartsWith("Quorate:BusFile: /no/such/file cannot be read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_names_no_database_is_not_repeated()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => DatabaseFactory.Create($"Hots=db;Password={Password}"));

        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(string name, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Quorate:{name}", (string?)value)]).Build();
}
