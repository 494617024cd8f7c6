using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Hosting;

public sealed class A_backbone_in_memory : A_backbone
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-backbone-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Two_hosts_of_one_process_share_bus_and_database()
    {
        QuorateOptions options = new() { Bus = "memory" };
        await using IDatabase database = DatabaseFactory.Create($"sqlite:{_directory}/shared.db");
        await using BusConnection bus = BusConnection.Create(options);
        await using LampHost one = await LampHost.StartAsync(options, database, bus);
        await using LampHost two = await LampHost.StartAsync(options, database, bus, keepsLamps: false);

        await one.SwitchAsync("hall");

        await Eventually.HoldsAsync("both hear of it", () => !one.Reports.IsEmpty && !two.Reports.IsEmpty);
        Assert.Equal(1, await two.CountAsync("hall"));
    }

    protected override Task<QuorateOptions> OptionsAsync() =>
        Task.FromResult(new QuorateOptions { Bus = "memory", Database = $"sqlite:{_directory}/lamps.db" });

    protected override Task AssertQueueIsGoneAsync(string queue) => Task.CompletedTask;
}
