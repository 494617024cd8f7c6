using System.Net;
using System.Text.Json;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Quorum;

namespace Quorate.Tests.Integration.Outages;

/// <summary>
/// Nodes that heard no answer while the database was away are not to blame for it. Previously they were refused as deaf when it was back,
/// and lost for want of renewals. Source: rules S2 and S3; issue 3, deliverable 6.
/// </summary>
[Trait("Rule", "S2")]
public sealed class When_a_replica_could_answer_nobody
{
    private const int Beats = 4;
    private const int BeatMilliseconds = 400; // four of them are more than the lease of a second

    [Fact]
    public async Task Nobody_is_taken_for_deaf_afterwards()
    {
        await using QuorumReplica replica = await QuorumReplica.StartAsync();
        await replica.FormAsync();
        await replica.PassAsync(300, ("n1", "a"), ("n2", "b"), ("n3", "c"));
        await replica.ExecuteAsync("CREATE TRIGGER away BEFORE UPDATE ON quorum_lease BEGIN SELECT RAISE(ABORT, 'away'); END");
        List<HttpStatusCode> away = [];
        for (int beat = 0; beat < Beats; beat++)
        {
            await replica.PassAsync(BeatMilliseconds);
            away.Add(await replica.PostAsync(JsonSerializer.Serialize(replica.Heartbeat("n1", "a"), JsonSerializerOptions.Web)));
        }

        await replica.ExecuteAsync("DROP TRIGGER away");
        await replica.PassAsync(100);

        HeartbeatAnswer answer = await replica.BeatAsync("n1", "a");

        Assert.All(away, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        Assert.Equal(("", HeartbeatVerdict.Granted), (answer.Reason, answer.Verdict));
    }
}
