using System.Net;
using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Outages;

/// <summary>
/// Answers are announced to every replica over the bus. What is published while a replica's own queue is not there, as right after the
/// broker's restart, it never hears. Source: issue 3, deliverable 6.
/// </summary>
public sealed class When_an_answer_is_not_announced
{
    private static readonly TimeSpan SoonerThan = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Whoever_waits_for_it_hears_it_soon_all_the_same()
    {
        await using SchedulerCluster cluster = await SchedulerCluster.StartAsync(null, SchedulerCluster.Rm("""<service name="off" autostart="0"/>"""));
        await cluster.FormAsync();
        await cluster.UntilAsync("off", ServiceState.Disabled);
        await cluster.ExecuteAsync(
            """
            INSERT INTO scheduler_operation (request_id, operation, service, command, state, requested_at)
            VALUES ('quiet', 'quiet', 'service:off', 'enable', 'taken', @at)
            """,
            new { at = cluster.Time.GetUtcNow().ToUnixTimeMilliseconds() });

        Task<Reply> waiting = cluster.PostAsync("off", "enable", requestId: "quiet", wait: 60);
        DateTimeOffset began = cluster.Time.GetUtcNow();
        await cluster.ExecuteAsync(
            "UPDATE scheduler_operation SET state = 'answered', result = 'Success', reasons = '[]', answered_at = 1 WHERE request_id = 'quiet'");
        await cluster.PassUntilAsync("the caller has the answer", () => waiting.IsCompleted);

        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        Assert.True(cluster.Time.GetUtcNow() - began < SoonerThan, $"it took {cluster.Time.GetUtcNow() - began}");
    }
}
