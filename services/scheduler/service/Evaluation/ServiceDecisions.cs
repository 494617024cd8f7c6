using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>Load the situation, let the core decide, write what it decided: the one path of every single-service event.</summary>
internal sealed class ServiceDecisions(
    ConfigurationHolder configuration, DecisionWriter writer, Parking parking, ArbiterLooks looks, TimeProvider time, ILogger<ServiceDecisions> logger)
{
    /// <summary>Decides about a service whose row is locked in this transaction, and writes record and effects.</summary>
    /// <returns>The record as it now stands.</returns>
    /// <exception cref="DatabaseForgetsException">The rows may be those of an earlier time (rule S14); nothing was written.</exception>
    public async Task<ServiceRecord> DecideAsync(
        UnitOfWork uow, StoredService stored, ServiceEvent cause, string causeText, CancellationToken ct)
    {
        MembershipChanged? membership = await MembershipStore.NewestAsync(uow, ct);
        await looks.RequireAsync(uow, membership, ct);
        if (stored.Parked is not null)
        {
            await parking.SkipAsync(uow, stored, cause, ct);
            return stored.Record;
        }
        Decision decision;
        try
        {
            ServiceSituation situation = Situation(stored.Record, membership is null ? MembershipView.Empty : MembershipView.From(membership));
            IReadOnlyList<StoredService> others = await OthersAsync(uow, stored.Record, cause, ct);
            decision = Lifecycle.Decide(
                situation with
                {
                    Others = [.. others.Select(other => other.Record)],
                    Parked = [.. others.Where(other => other.Parked is not null).Select(other => other.Record.Name)],
                },
                cause);
            RequireForward(stored.Record, decision);
        }
        catch (InvariantViolation broken)
        {
            await parking.ParkAsync(uow, stored, cause, broken, ct);
            return stored.Record;
        }
        if (decision.IsChanged)
        {
            await ServiceStore.UpdateAsync(uow, stored, decision.Next, ct);
        }
        else
        {
            logger.EventIgnored(stored.Record.Name, causeText, decision.Reason);
        }
        await writer.WriteAsync(uow, stored.Record, decision, causeText, ct);
        return decision.Next;
    }

    /// <summary>Where the other services are, for a relocation; whoever cannot be read is in nobody's way here, and the evaluation raises it.</summary>
    private static async Task<IReadOnlyList<StoredService>> OthersAsync(UnitOfWork uow, ServiceRecord service, ServiceEvent cause, CancellationToken ct) =>
        cause is not ServiceEvent.CommandReceived { Kind: CommandKind.Relocate } || service.State != ServiceState.Started ? []
            : [.. (await ServiceStore.ReadAllAsync(uow.Connection, uow.Transaction, _ => { }, ct))
                .Where(other => other.Record.Name != service.Name)];

    /// <summary>An executor refuses an epoch it has seen (rule S8): a record that went back would be stuck there.</summary>
    /// <exception cref="InvariantViolation">The epoch would go back.</exception>
    public static void RequireForward(ServiceRecord before, Decision decision)
    {
        if (decision.Next.Epoch < before.Epoch)
        {
            throw new InvariantViolation($"{before.Name}: epoch {decision.Next.Epoch} after {before.Epoch}");
        }
    }

    /// <summary>Everything a decision about one service may look at, as of now.</summary>
    public ServiceSituation Situation(ServiceRecord record, MembershipView membership) => new()
    {
        Service = record,
        Configuration = configuration.Current,
        Membership = membership,
        Now = time.GetUtcNow(),
        Timeouts = configuration.Current.FindService(record.Name) is { } definition
            ? OperationTimeouts.Of(definition.Tree)
            : OperationTimeouts.Default,
    };
}
