using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Core.Operations;
using Quorate.Executor.Service.Clocks;
using Quorate.Executor.Service.Operations;

namespace Quorate.Executor.Service.Sessions;

/// <summary>Reads operations back from the guard's journal, where our own record of them is missing or older.</summary>
internal static class Restored
{
    /// <summary>The newest operation as the journal knows it; without an answer while the journal has none.</summary>
    public static TakenOperation From(JournalEntry entry, NodeName node, Incarnation incarnation)
    {
        OperateService order = new()
        {
            Service = entry.Service,
            Epoch = entry.Epoch,
            Attempt = 1,
            Action = entry.Action,
            Node = node,
            Incarnation = incarnation,
            ConfigurationDigest = entry.ConfigurationDigest,
            ConfigurationVersion = entry.ConfigurationVersion,
        };
        return new TakenOperation(order, entry.Outcome is { } outcome ? Answers.To(order, ResultOf(entry, outcome)) with { EndedAt = BootClock.Milliseconds } : null);
    }

    /// <summary>True for a service whose start is journalled as done, whatever came after it that began nothing: a probe, a refused order.</summary>
    public static bool StartSucceeded(ImmutableArray<JournalEntry> journal, TakenOperation newest) =>
        journal.Any(entry => entry.Service == newest.Order.Service
            && entry is { Action: not (NodeAction.Stop or NodeAction.Receive), Outcome: OperationOutcome.Succeeded, IsStopProven: false });

    /// <summary>Has an actor go on with what its newest operation left; false when it took no work.</summary>
    public static bool TryCarryOn(TakenOperation taken, ImmutableArray<JournalEntry> journal, ServiceActor actor) => taken switch
    {
        { IsBusy: true } => actor.TryResume(taken.Order, taken.Trace),
        { Order.Action: NodeAction.Start or NodeAction.Condstart, Answer.Outcome: OperationOutcome.Succeeded } => actor.TryAdopt(),
        _ when actor.MayRun && (taken.Order.Action == NodeAction.Migrate || StartSucceeded(journal, taken)) => actor.TryAdopt(),
        _ => true,
    };

    private static OperationResult ResultOf(JournalEntry entry, OperationOutcome outcome) => new()
    {
        Outcome = outcome,
        IsRunning = entry.IsStopProven ? false : outcome == OperationOutcome.Succeeded && entry.Action is not (NodeAction.Stop or NodeAction.Receive) ? true : null,
        Resource = entry.Resource,
        ExitCode = entry.ExitCode,
        Detail = entry.Detail,
    };
}
