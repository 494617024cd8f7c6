using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Hosting;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Support;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>A process that starts while the broker is away works once it is there, however long that takes. Source: docs/outages.md.</summary>
[Collection(RealEngines.Collection)]
public sealed class When_a_bus_starts(RealEngines engines)
{
    private readonly ManualTimeProvider _time = new();

    /// <summary>MassTransit ends a start after a minute whose token cannot be cancelled.</summary>
    [Fact]
    public async Task Its_start_takes_as_long_as_the_broker_is_away()
    {
        TaskCompletionSource<CancellationToken> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        BusStart start = new(token =>
        {
            begun.TrySetResult(token);
            return Task.Delay(Timeout.Infinite, token);
        }, _time, NullLogger.Instance);

        Task running = start.RunAsync();
        bool isLimitedByItsCallerAlone = (await begun.Task).CanBeCanceled;
        await start.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(isLimitedByItsCallerAlone);
        Assert.True(running.IsCanceled);
        Assert.False(start.IsDone);
    }

    [Fact]
    public async Task A_start_that_fails_is_begun_anew()
    {
        int attempts = 0;
        await using BusStart start = new(_ => ++attempts < 3 ? Task.FromException(new InvalidOperationException("no such name")) : Task.CompletedTask, _time, NullLogger.Instance);

        Task running = start.RunAsync();
        foreach (int _ in Enumerable.Range(0, 2))
        {
            _time.Advance(await _time.UntilSomebodyWaitsWithinAsync(BusStart.Pause, default));
        }
        await running;

        Assert.Equal(3, attempts);
        Assert.True(start.IsDone);
    }

    [Fact]
    public async Task It_sends_and_hears_once_the_broker_is_there_though_its_endpoints_had_to_be_replaced()
    {
        Uri broker = new(await engines.RabbitMqAsync());
        await using Wire wire = Wire.To(broker);
        wire.Cut();
        QuorateOptions options = new() { Bus = wire.Through(broker), BusPrefix = $"{Guid.NewGuid():N}." };
        await using BusConnection bus = BusConnection.Create(options);
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddQuorateBus(options, "lamp", bus).BuildServiceProvider();
        BusProbe probe = services.GetRequiredService<BusProbe>();
        Task started = bus.StartAsync();
        await probe.StartAsync(default);
        await (await probe.Endpoint).RestartAsync(default);

        wire.Heal();

        await started.WaitAsync(TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync("a message came back", () => probe.IsAlive);
        await probe.StopAsync(default);
    }
}
