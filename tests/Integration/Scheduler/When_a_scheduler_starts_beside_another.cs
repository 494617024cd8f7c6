using System.Data.Common;
using Dapper;
using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What a start writes and what an evaluation writes at the same moment.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_a_scheduler_starts_beside_another(RealEngines servers) : A_scheduler(servers)
{
    /// <summary>A start was ended by a deadlock: it had its turn and waited for a service's row, which the evaluation held while it waited for the turn.</summary>
    [Fact, Trait("Rule", "S12")]
    public async Task Neither_waits_for_what_the_other_has()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.JoinAsync("n1", "a1");
        await Cluster.JoinAsync("n2", "b1");
        await using DbConnection start = await Cluster.OpenAsync();
        await using (DbTransaction work = await start.BeginTransactionAsync())
        {
            await start.ExecuteAsync("SELECT id FROM scheduler_configuration_turn WHERE id = 1 FOR UPDATE", transaction: work);
            await Cluster.PublishMembershipAsync();
            await Eventually.HoldsAsync("the evaluation waits for the turn", async () => await Cluster.ScalarAsync<long>(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%scheduler_configuration_turn%'") > 0);

            await start.ExecuteAsync("SET LOCAL lock_timeout = '2s'", transaction: work);
            int added = await start.ExecuteAsync("INSERT INTO scheduler_service SELECT * FROM scheduler_service ON CONFLICT (id) DO NOTHING", transaction: work);

            Assert.Equal(0, added);
            await work.CommitAsync();
        }

        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
    }
}
