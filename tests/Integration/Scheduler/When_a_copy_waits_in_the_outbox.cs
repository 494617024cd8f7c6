using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Store;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Commands whose message is under way are left to it. Source: DESIGN 3, S13; docs/outages.md.</summary>
public abstract class When_a_copy_waits_in_the_outbox(RealEngines? servers) : A_scheduler(servers)
{
    /// <summary>While the broker is away each further copy would only make the outbox longer.</summary>
    [Theory, Trait("Rule", "S13")]
    [InlineData(null, "cluster")]
    [InlineData("n3", "n3")]
    public async Task A_command_of_which_a_copy_waits_in_the_outbox_is_not_sent_again(string? node, string orderingKey)
    {
        await StartAsync("""<service name="off" autostart="0"/>""");
        DateTimeOffset now = Cluster.Time.GetUtcNow();
        await Cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_operation (request_id, operation, service, command, node, state, requested_at)
            VALUES ('lost', 'lost', '', @command, @node, 'accepted', @at)
            """,
            new { node, command = node is null ? "lock" : "drain", at = (now - TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds() });

        await Eventually.HoldsAsync("nothing of its kind waits", async () => (await NotTakenAsync()).Count == 1);
        await Cluster.ExecuteAsync(
            "INSERT INTO scheduler_outbox (message_id, message_type, ordering_key, body, written_at, attempts) VALUES ('x', 'none', @orderingKey, '{}', 0, -1000)",
            new { orderingKey });
        Assert.Empty(await NotTakenAsync());

        Task<IReadOnlyList<OperationRow>> NotTakenAsync() => Cluster.First.Services.GetRequiredService<UnitOfWorkFactory>().Create().RunAsync(
            (work, token) => OperationStore.NotTakenAsync(work, now - TimeSpan.FromSeconds(30), now - TimeSpan.FromMinutes(10), 100, token), default);
    }
}

/// <inheritdoc/>
public sealed class When_a_copy_waits_in_the_outbox_in_memory() : When_a_copy_waits_in_the_outbox(null);

/// <inheritdoc/>
[Collection(RealEngines.Collection)]
public sealed class When_a_copy_waits_in_the_outbox_on_real_engines(RealEngines servers) : When_a_copy_waits_in_the_outbox(servers);
