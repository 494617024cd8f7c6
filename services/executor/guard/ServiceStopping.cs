using System.Collections.Immutable;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Agents;
using Quorate.Executor.Guard.Containment;
using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard;

/// <summary>
/// Stops one journalled service and proves it: the stop actions in order, then the death of all its processes, then a monitor of
/// each resource. Only the monitors' word counts (rule S9).
/// </summary>
internal sealed class ServiceStopping(AgentRunner runner, IContainment containment, Log log) : IServiceStopping
{
    private const int MonitorsAtOnceMax = 4;

    /// <summary>What a kill or a monitor gets even where the deadline is nearly over: less could never succeed.</summary>
    private static readonly TimeSpan StepTimeMin = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task<string?> StopAsync(JournalEntry entry, EndingTimes times)
    {
        log.UncleanStop(entry.Service);
        HashSet<string> stopped = [];
        foreach (AgentInvocation stop in entry.Stop)
        {
            TimeSpan left = BootClock.Until(times.StopsEnd);
            if (left <= TimeSpan.Zero)
            {
                log.AgentFailed(entry.Service.Value, $"no time is left for {stop.Action} of {stop.Resource}");
                continue;
            }

            AgentResult result = await runner.RunAsync(entry.Service, stop, left, CancellationToken.None, Left(times.Deadline));
            if (result.IsSuccess)
            {
                stopped.Add(stop.Resource);
            }
            else if (!AgentMeaning.IsStopped(result))
            {
                log.AgentFailed(entry.Service.Value, AgentMeaning.Describe(stop, result));
            }
        }

        if (!await containment.KillAsync(ContainedGroup.Of(entry.Service), Left(times.Deadline)))
        {
            return $"{entry.Service}: a process of it cannot be killed, it hangs in the kernel";
        }

        return await ProveAsync(entry, stopped, times);
    }

    /// <summary>The journal of a service that is proven stopped.</summary>
    public static JournalEntry Proven(JournalEntry entry) => entry with
    {
        IsStopProven = true,
        Outcome = entry.Outcome ?? OperationOutcome.Failed,
        Detail = entry.Outcome is null ? "the incarnation ended meanwhile" : entry.Detail,
    };

    private async Task<string?> ProveAsync(JournalEntry entry, HashSet<string> stopped, EndingTimes times)
    {
        string?[] problems = new string?[entry.Monitor.Length];
        ParallelOptions bound = new() { MaxDegreeOfParallelism = MonitorsAtOnceMax };
        await Parallel.ForEachAsync(Enumerable.Range(0, entry.Monitor.Length), bound, async (index, cancellation) =>
        {
            AgentInvocation monitor = entry.Monitor[index];
            AgentResult result = await runner.RunAsync(entry.Service, monitor, Left(times.Deadline), cancellation, StepTimeMin);
            AgentResult judged = result with { NeverStarted = ServiceJournal.WasNeverStarted(entry, monitor) };
            problems[index] = AgentMeaning.Judge(monitor.Class, judged, stopped.Contains(monitor.Resource)) switch
            {
                ResourceRunState.NotRunning => null,
                ResourceRunState.Running => $"{monitor.Resource} still runs",
                _ => AgentMeaning.Describe(monitor, judged),
            };
        });

        // A monitor that started something, or was cut, leaves nothing either.
        bool isEmpty = await containment.KillAsync(ContainedGroup.Of(entry.Service), Left(times.Deadline));
        ImmutableArray<string> found = [.. problems.OfType<string>()];
        return found.Length > 0 ? $"{entry.Service}: {string.Join("; ", found)}"
            : isEmpty ? null
            : $"{entry.Service}: a process of it cannot be killed, it hangs in the kernel";
    }

    private static TimeSpan Left(long deadline)
    {
        TimeSpan left = BootClock.Until(deadline);
        return left > StepTimeMin ? left : StepTimeMin;
    }
}
