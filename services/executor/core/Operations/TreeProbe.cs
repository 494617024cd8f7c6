using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;

namespace Quorate.Executor.Core.Operations;

/// <summary>What all monitors of a tree say together.</summary>
/// <param name="IsRunning">True when one resource runs, false when every one said that it does not (rule S9), null otherwise.</param>
/// <param name="IsWhole">True when every resource runs.</param>
/// <param name="Resource">The first resource that stands in the way of a clear answer, as <c>type:name</c>; null when there is none.</param>
/// <param name="ExitCode">Its agent's exit code.</param>
/// <param name="Detail">In words.</param>
public sealed record TreeProbe(bool? IsRunning, bool IsWhole, string? Resource, int? ExitCode, string Detail)
{
    /// <summary>Sums up. A tree without monitors (a mere group) holds nothing: it neither runs nor fails.</summary>
    /// <param name="answers">What each monitor said.</param>
    /// <param name="isAfterStop">True where every resource ought to be stopped: then the one that still runs is named, else the one that does not.</param>
    public static TreeProbe Of(IReadOnlyList<(AgentInvocation Run, AgentResult Result, ResourceRunState State)> answers, bool isAfterStop = false)
    {
        if (answers.Count == 0)
        {
            return new TreeProbe(false, true, null, null, "the service has no resource that runs");
        }

        if (answers.All(answer => answer.State == ResourceRunState.NotRunning))
        {
            return new TreeProbe(false, false, answers[0].Run.Resource, answers[0].Result.ExitCode, "no resource runs here");
        }

        if (!isAfterStop && answers.All(answer => answer.State == ResourceRunState.Running))
        {
            return new TreeProbe(true, true, answers[0].Run.Resource, answers[0].Result.ExitCode, "every resource runs here");
        }

        // The one that says least is the one to look at.
        (AgentInvocation run, AgentResult result, ResourceRunState state) =
            answers.OrderByDescending(answer => answer.State == ResourceRunState.Unknown)
                .ThenByDescending(answer => answer.State == (isAfterStop ? ResourceRunState.Running : ResourceRunState.NotRunning)).First();
        bool? isRunning = answers.Any(answer => answer.State == ResourceRunState.Running) ? true : null;
        string detail = state == ResourceRunState.Unknown ? AgentMeaning.Describe(run, result)
            : isAfterStop ? $"the monitor of {run.Resource} says that it still runs"
            : $"{run.Resource} does not run, others of the service do";
        return new TreeProbe(isRunning, answers.All(answer => answer.State == ResourceRunState.Running), run.Resource, result.ExitCode, detail);
    }

    /// <summary>The answer to a probe: it succeeds whenever something definite can be said.</summary>
    public OperationResult ToResult() => new()
    {
        Outcome = IsRunning is null ? OperationOutcome.Failed : OperationOutcome.Succeeded,
        IsRunning = IsRunning,
        Resource = IsRunning == true && IsWhole || IsRunning == false ? null : Resource,
        ExitCode = IsRunning == true && IsWhole || IsRunning == false ? null : ExitCode,
        Detail = Detail,
    };
}
