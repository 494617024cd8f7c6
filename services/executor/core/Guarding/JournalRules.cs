using System.Collections.Immutable;
using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Guarding;

/// <summary>
/// What a guard lets an executor do, and what it writes down: the last line of rules S8 to S10 on a node, kept even where the
/// executor is wrong.
/// </summary>
public static class JournalRules
{
    /// <summary>Actions that leave a resource stopped, or only look: they need neither lease nor journal.</summary>
    public static readonly ImmutableArray<string> HarmlessActions = ["stop", "monitor", "status", "meta-data", "validate-all"];

    /// <summary>Why an operation may not begin; null where it may.</summary>
    /// <param name="known">What is journalled for the service; null where nothing is.</param>
    /// <param name="begin">The request.</param>
    /// <param name="hasLease">True while the incarnation's lease holds.</param>
    public static string? RefuseBegin(JournalEntry? known, GuardRequest.Begin begin, bool hasLease) => (known, begin) switch
    {
        (_, { Action: NodeAction.Probe or NodeAction.Convalesce }) => $"{begin.Action} is no operation to journal",
        (_, { Epoch: < 1 }) => $"epoch {begin.Epoch} is below 1",
        ({ } entry, _) when begin.Epoch < entry.Epoch => $"epoch {begin.Epoch} is below {entry.Epoch}, the newest begun for {begin.Service} here",
        ({ } entry, _) when begin.Epoch == entry.Epoch && begin.Action != entry.Action =>
            $"epoch {begin.Epoch} of {begin.Service} already is a {entry.Action}",
        (_, { Action: not (NodeAction.Stop or NodeAction.Condstop) }) when !hasLease => "there is no valid lease",
        (not { StartEpoch: > 0, IsStopProven: false }, { Action: NodeAction.Condstop or NodeAction.Condstart or NodeAction.Migrate }) => $"{begin.Service} does not run here",
        (_, { Action: NodeAction.Condstop or NodeAction.Condstart, Tree: null }) => "it names no tree",
        // What was only expected by migration is started over it.
        ({ IsStopProven: false, Action: not NodeAction.Receive } entry, { Action: NodeAction.Start or NodeAction.Receive }) when begin.Epoch > entry.Epoch =>
            $"{begin.Service} was not proven stopped since epoch {entry.Epoch}: stop it first",
        _ => null,
    };

    /// <summary>The journal once an operation that may begin has begun. The same operation again changes nothing.</summary>
    /// <param name="known">What is journalled for the service; null where nothing is.</param>
    /// <param name="begin">The request.</param>
    /// <param name="missing">The resources whose agents cannot be found now.</param>
    public static JournalEntry AfterBegin(JournalEntry? known, GuardRequest.Begin begin, ImmutableArray<string> missing)
    {
        if (known is not null && known.Epoch == begin.Epoch)
        {
            return known;
        }

        // A stop goes by what was started, whatever the configuration says now (rule S10). The two that adjust a running service replace the tree:
        // a condstop once it has proven the rest stopped, a condstart before it starts anything.
        bool keepsTree = begin.Action is NodeAction.Stop or NodeAction.Migrate && known is { StartEpoch: > 0 };
        return new JournalEntry
        {
            Service = begin.Service,
            Epoch = begin.Epoch,
            Action = begin.Action,
            StartEpoch = begin.Action is NodeAction.Start or NodeAction.Receive ? begin.Epoch : known?.StartEpoch ?? 0,
            ConfigurationDigest = keepsTree ? known!.ConfigurationDigest : begin.ConfigurationDigest,
            ConfigurationVersion = keepsTree ? known!.ConfigurationVersion : begin.ConfigurationVersion,
            Tree = keepsTree ? known!.Tree : begin.Tree,
            Stop = keepsTree ? known!.Stop : begin.Stop,
            Monitor = keepsTree ? known!.Monitor : begin.Monitor,
            Missing = keepsTree ? known!.Missing : begin.Action is NodeAction.Condstop or NodeAction.Condstart ? StillMissing(known!, missing) : missing,
        };
    }

    /// <summary>What ran before this has been started, wherever its agent is now; only what is new, or was missing then, cannot have been.</summary>
    private static ImmutableArray<string> StillMissing(JournalEntry known, ImmutableArray<string> missing)
    {
        HashSet<string> had = [.. known.Stop.Concat(known.Monitor).Select(run => run.Resource)];
        return [.. missing.Where(resource => known.Missing.Contains(resource) || !had.Contains(resource))];
    }

    /// <summary>Why an operation may not end like that; null where it may.</summary>
    public static string? RefuseFinish(JournalEntry? known, GuardRequest.Finish finish) =>
        known is null ? $"nothing is journalled for {finish.Service}"
        : known.Epoch != finish.Epoch ? $"epoch {known.Epoch} of {finish.Service} is under way, not {finish.Epoch}"
        : finish.Outcome == OperationOutcome.Refused ? "a refused operation never began"
        : known.Action is not (NodeAction.Stop or NodeAction.Migrate) && finish is { Outcome: OperationOutcome.Succeeded, IsStopProven: true } ? "a start that succeeded does not leave the service stopped"
        : known.Action is NodeAction.Stop or NodeAction.Migrate && finish is { Outcome: OperationOutcome.Succeeded, IsStopProven: false } ? "a stop succeeds only when it is proven"
        : finish.IsStopProven && known.StartEpoch != finish.StartEpoch
            ? $"{finish.Service} runs here by the start of epoch {known.StartEpoch}, and what was proven stopped is that of epoch {finish.StartEpoch}"
        : null;

    /// <summary>The journal once an operation has ended.</summary>
    public static JournalEntry AfterFinish(JournalEntry known, GuardRequest.Finish finish) => known with
    {
        Outcome = finish.Outcome,
        IsStopProven = finish.IsStopProven,
        Resource = finish.Resource,
        ExitCode = finish.ExitCode,
        Detail = finish.Detail,
    };

    /// <summary>Why an agent may not run; null where it may.</summary>
    public static string? RefuseRun(JournalEntry? known, GuardRequest.Run run, bool hasLease) =>
        HarmlessActions.Contains(run.Invocation.Action) ? null
        : !hasLease ? $"{run.Invocation.Action} needs a valid lease, and there is none"
        : known is not { Action: not NodeAction.Stop, IsStopProven: false } ? $"{run.Invocation.Action} needs a start of {run.Service} that was begun"
        : null;
}
