using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Service.Configuration;
using Quorate.Quorum.Core.Maintenance;

namespace Quorate.Quorum.Service.Maintenance;

/// <summary>Answers the commands that switched maintenance, once the rows say that the nodes have followed. Any replica may; one does.</summary>
internal sealed class MaintenanceAnswers(UnitOfWorkFactory units, ConfigurationInForce configuration, TimeProvider time, ILogger<MaintenanceAnswers> logger)
{
    /// <summary>Looks at every request that waits.</summary>
    public Task AnswerAsync(IReadOnlyList<MaintenanceRequest> open, CancellationToken cancellationToken) => open.Count == 0
        ? Task.CompletedTask
        : units.Create().RunAsync(
            async (work, _) =>
            {
                LeaseStore leases = new(work.Connection, work.Transaction, work.Dialect);
                MaintenanceStore store = new(work.Connection, work.Transaction);
                Core.ArbiterState arbiter = (await leases.ReadStateAsync()).ToState();
                IReadOnlyList<Core.LeaseRow> rows = await leases.ReadCurrentAsync();
                foreach (MaintenanceRequest request in open)
                {
                    if (MaintenanceProgress.Find(request, configuration.Current, rows, arbiter, time.GetUtcNow()) is { } answer)
                    {
                        await AnswerAsync(work, store, request, answer);
                    }
                }
            },
            cancellationToken);

    private async Task AnswerAsync(UnitOfWork work, MaintenanceStore store, MaintenanceRequest request, MaintenanceAnswer answer)
    {
        CommandAnswered answered = CommandAnswers.Of(request.RequestId, answer.Result, answer.Reasons) with { IsRefused = false }; // it was switched, and not all nodes followed
        if (await store.AnswerAsync(answered))
        {
            await work.Outbox.PublishAsync(answered, CommandAnswers.ClusterKey);
            work.OnCommitted(() => logger.MaintenanceAnswered(request.RequestId, answer.Result.ToString(), string.Join("; ", answer.Reasons)));
        }
    }
}
