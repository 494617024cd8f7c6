using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Locks;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// Applies a plan in one transaction: locks the token row and the service rows in name order, checks both and the membership again,
/// and that the database has forgotten nothing (rule S14), writes state and outbox together (rule S12). A service whose row moved since it was planned keeps its row and is planned again.
/// </summary>
internal sealed class PlanApplier(
    ServiceDecisions decisions, DecisionWriter writer, Parking parking, RowFailures failures, ArbiterLooks looks, EvaluationSignals signals)
{
    /// <summary>Tells every service that depends on an ended incarnation, before anything is placed.</summary>
    /// <returns>True when there was one; the rows have moved then.</returns>
    public async Task<bool> EndIncarnationsAsync(UnitOfWork uow, EvaluationInput input, CancellationToken ct)
    {
        bool any = false;
        MembershipView membership = MembershipView.From(input.Newest);
        foreach (StoredService service in input.Services.Where(service => service.Parked is null))
        {
            foreach ((NodeName node, Incarnation incarnation) in EndedLives.Of(service.Record, membership))
            {
                any = true;
                await uow.RunAsync(
                    async (work, token) =>
                    {
                        if (await ServiceStore.LockAsync(work, ServiceStore.IdOf(service.Record.Name), token) is { } stored)
                        {
                            await decisions.DecideAsync(
                                work, stored, new ServiceEvent.OwnerEnded(node, incarnation), $"{node} runs nothing any more", token);
                        }
                        return true;
                    },
                    ct);
            }
        }
        return any;
    }

    /// <summary>Applies all plans, or none.</summary>
    /// <exception cref="StaleLockTokenException">Another evaluator took the lock meanwhile; nothing was written.</exception>
    public async Task ApplyAsync(
        UnitOfWork uow,
        IDistributedSynchronizationHandle handle,
        EvaluationInput input,
        ImmutableArray<ServicePlan> plans,
        CancellationToken ct)
    {
        AppliedPlan progress = new();
        try
        {
            await uow.RunAsync(
                async (work, token) =>
                {
                    await work.RequireTokenAsync(handle);
                    if (await MembershipStore.LockNewestAsync(work, token) is not { } newest || newest.Generation != input.Newest.Generation)
                    {
                        work.OnCommitted(signals.MembershipChanged);
                        return;
                    }
                    if (input.IsConfigurationNew)
                    {
                        // Before the services' rows, as whoever puts a configuration into force does: in the other order each would wait for the other.
                        await ConfigurationStore.TakeTurnAsync(work, token);
                    }
                    if (await ConfigurationStore.NewestDigestAsync(work, token) != input.Configuration.Digest)
                    {
                        // Whoever put it into force has said so; and one that this program cannot read must not keep it busy.
                        return;
                    }
                    await looks.RequireAsync(work, newest, token);
                    bool isWhole = await ApplyLockedAsync(work, input, plans, progress, token);
                    if (input.IsMembershipNew && isWhole)
                    {
                        await MembershipStore.MarkEvaluatedAsync(work, newest, token);
                    }
                    else if (input.IsMembershipNew)
                    {
                        // A service whose row moved is owed its answer to this membership: no later sweep would fail it back.
                        work.OnCommitted(signals.MembershipChanged);
                    }
                    if (input.IsConfigurationNew && isWhole)
                    {
                        await ConfigurationStore.MarkEvaluatedAsync(work, input.Configuration.Digest, token);
                    }
                    else if (input.IsConfigurationNew)
                    {
                        work.OnCommitted(signals.NeedSweep);
                    }
                },
                ct);
        }
        catch (Exception failure) when (RowFailures.IsWorthRaising(failure) && progress.Plan(plans) is { } plan)
        {
            RowMoment moment = plan.Action is PlacementAction.Start or PlacementAction.TakeOver ? RowMoment.Start : RowMoment.Stop;
            RowStep step = failure is RowUnreadableException ? RowStep.Read : progress.Step;
            await failures.RaiseAsync(moment, step, plan.Service, failure, ct);
            if (plan is { Action: PlacementAction.Relocate or PlacementAction.Migrate, Node: { } better } && input.CameUp(better))
            {
                // What the newcomer should own stays where it is until this succeeds.
                await failures.RaiseAsync(CatalogueMessage.FailbackNotRequested, plan.Service, failure.Message, ct);
            }
            throw;
        }
    }

    /// <returns>False when a row had moved, so that its plan was left out.</returns>
    private async Task<bool> ApplyLockedAsync(
        UnitOfWork uow, EvaluationInput input, ImmutableArray<ServicePlan> plans, AppliedPlan progress, CancellationToken ct)
    {
        MembershipView membership = MembershipView.From(input.Newest);
        Dictionary<ServiceName, ServicePlan> wanted = Wanted(input, plans, membership);
        bool isWhole = true;
        if (wanted.Count == 0)
        {
            return isWhole;
        }
        Dictionary<ServiceName, long> planned = input.Services.ToDictionary(service => service.Record.Name, service => service.Version);
        foreach (StoredService stored in await ServiceStore.LockAsync(uow, wanted.Keys, ct))
        {
            ServiceName name = stored.Record.Name;
            if (stored.Parked is not null || stored.Version != planned[name])
            {
                isWhole &= stored.Parked is not null;
                uow.OnCommitted(() => signals.NeedPlacement([name]));
                continue;
            }
            progress.Writes(wanted[name]);
            await ApplyAsync(uow, stored, wanted[name], membership, ct);
        }
        return isWhole;
    }

    /// <summary>The plans that change something, so that only their rows are locked. A plan to leave a service alone may: it stores an ended owner.</summary>
    private Dictionary<ServiceName, ServicePlan> Wanted(
        EvaluationInput input, ImmutableArray<ServicePlan> plans, MembershipView membership)
    {
        Dictionary<ServiceName, StoredService> services = input.Services.ToDictionary(service => service.Record.Name);
        return plans
            .Where(plan => services.TryGetValue(plan.Service, out StoredService? stored) && Changes(stored, plan, membership))
            .ToDictionary(plan => plan.Service);
    }

    private bool Changes(StoredService stored, ServicePlan plan, MembershipView membership)
    {
        try
        {
            Decision decision = Lifecycle.Apply(decisions.Situation(stored.Record, membership), plan);
            return decision.IsChanged || !decision.Effects.IsEmpty;
        }
        catch (InvariantViolation)
        {
            // Its row is locked and the violation met again there, where the service is parked.
            return true;
        }
    }

    private async Task ApplyAsync(UnitOfWork uow, StoredService stored, ServicePlan plan, MembershipView membership, CancellationToken ct)
    {
        Decision decision;
        try
        {
            decision = Lifecycle.Apply(decisions.Situation(stored.Record, membership), plan);
            ServiceDecisions.RequireForward(stored.Record, decision);
        }
        catch (InvariantViolation broken)
        {
            await parking.ParkAsync(uow, stored, null, broken, ct);
            return;
        }
        if (decision.IsChanged)
        {
            await ServiceStore.UpdateAsync(uow, stored, decision.Next, ct);
        }
        await writer.WriteAsync(uow, stored.Record, decision, $"plan: {plan.Action}", ct);
    }

    /// <summary>How far one application came, for the message that says where it stopped.</summary>
    private sealed class AppliedPlan
    {
        private ServicePlan? _written;

        public RowStep Step => _written is null ? RowStep.Lock : RowStep.Write;

        public void Writes(ServicePlan plan) => _written = plan;

        /// <summary>The plan that was being written, else the first that orders something; null when none does.</summary>
        public ServicePlan? Plan(ImmutableArray<ServicePlan> plans) => _written ?? plans.FirstOrDefault(plan => plan.Action
            is PlacementAction.Start or PlacementAction.TakeOver or PlacementAction.Relocate or PlacementAction.Stop);
    }
}
