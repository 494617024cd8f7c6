using System.Net;
using System.Net.Http.Json;
using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Outages;

/// <summary>
/// Commands without end while the broker is away. Source: issue 3, deliverable 6: back-pressure instead of growth, and every accepted
/// command is answered.
/// </summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_commands_flood(RealEngines servers)
{
    private const int AtATime = 16;

    /// <summary>The scheduler's bound; those that are being accepted at that moment come on top.</summary>
    private const int WaitingMax = 1_000;

    /// <summary>How many are sent: with <c>./test --long</c> more.</summary>
    private static readonly int Commands = Environment.GetEnvironmentVariable("QUORATE_TEST_LONG") is { Length: > 0 } ? 20_000 : 4_000;

    private static readonly TimeSpan DrainWait = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task So_many_are_accepted_and_answered_and_the_rest_is_refused()
    {
        Uri broker = new(await servers.RabbitMqAsync());
        await using Wire wire = Wire.To(broker);
        await using SchedulerCluster cluster = await SchedulerCluster.StartAsync(
            servers, SchedulerCluster.Rm("""<service name="off" autostart="0"/>"""), prepare: engines =>
            {
                engines.Options.Bus = wire.Through(broker);
                return Task.CompletedTask;
            });
        await cluster.FormAsync();
        await cluster.UntilAsync("off", ServiceState.Disabled);

        wire.Cut();
        int accepted = 0;
        int refused = 0;
        string? reason = null;
        await Parallel.ForAsync(0, Commands, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (number, _) =>
        {
            Reply reply = await cluster.PostAsync("off", "disable", requestId: $"flood-{number}");
            if (reply.Status == HttpStatusCode.Accepted)
            {
                Interlocked.Increment(ref accepted);
            }
            else if (reply is { Status: HttpStatusCode.Conflict, Code: (int)ResultCode.Again })
            {
                Interlocked.Increment(ref refused);
                reason = reply.Reasons[0];
            }
        });
        Reply again = await cluster.PostAsync("off", "disable", requestId: await cluster.ScalarAsync<string>("SELECT MIN(request_id) FROM scheduler_operation"));
        using HttpResponseMessage acknowledge = await cluster.First.Http.PostAsJsonAsync("/api/nodes/n3/fence", new { requestId = "fence" });
        long rows = await cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox");
        wire.Heal();

        Assert.Equal(Commands, accepted + refused);
        Assert.InRange(accepted, WaitingMax, WaitingMax + AtATime);
        Assert.InRange(rows, accepted, accepted + AtATime);
        Assert.Contains($"{WaitingMax} commands wait", reason, StringComparison.Ordinal);
        // One that was accepted is known, however many wait; and an administrator's word about a node gets through.
        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted], new[] { again.Status, acknowledge.StatusCode });
        await Eventually.HoldsAsync("every accepted command is answered", async () => accepted == await cluster.ScalarAsync<long>(
            "SELECT COUNT(*) FROM scheduler_operation WHERE state = 'answered' AND request_id LIKE 'flood-%'"), DrainWait);
        await Eventually.HoldsAsync("the outbox is empty", async () => await cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox") == 0, DrainWait);
        Assert.Equal(HttpStatusCode.OK, (await cluster.PostAsync("off", "disable", wait: 20)).Status);
    }
}
