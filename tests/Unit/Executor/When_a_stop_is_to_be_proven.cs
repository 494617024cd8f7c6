using System.Collections.Immutable;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Operations;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Executor;

public sealed class When_a_stop_is_to_be_proven
{
    /// <summary>Rule S9: the proof is the monitor, and it has to be told from the stop.</summary>
    [Theory]
    [InlineData(0, 7, true, "the monitor of ocf:a says that it still runs")]
    [InlineData(0, 0, true, "the monitor of ocf:a says that it still runs")]
    [InlineData(7, 0, true, "the monitor of ocf:b says that it still runs")]
    [InlineData(7, 1, null, "monitor of ocf:b returned 1 (generic error)")]
    public void What_stands_in_the_way_names_the_monitor_that_said_so(int first, int second, bool? isRunning, string detail)
    {
        TreeProbe probe = TreeProbe.Of([Monitored("ocf:a", first), Monitored("ocf:b", second)], isAfterStop: true);

        Assert.Equal((isRunning, detail), (probe.IsRunning, probe.Detail));
    }

    /// <summary>The last code is a monitor's, and was shown as that of the stop.</summary>
    [Fact]
    public void An_operation_that_was_interrupted_has_no_exit_code()
    {
        OperationResult probe = TreeProbe.Of([Monitored("ocf:a", 0), Monitored("ocf:b", 7)]).ToResult();

        OperationResult interrupted = Answers.OfInterrupted(probe);

        Assert.Equal((OperationOutcome.Failed, "ocf:b", (int?)null), (interrupted.Outcome, interrupted.Resource, interrupted.ExitCode));
    }

    private static (AgentInvocation Run, AgentResult Result, ResourceRunState State) Monitored(string resource, int code)
    {
        AgentInvocation run = new()
        {
            Class = AgentClass.Ocf,
            Action = "monitor",
            Resource = resource,
            Environment = ImmutableSortedDictionary<string, string>.Empty,
            TimeoutMilliseconds = 1000,
        };
        AgentResult result = new() { End = AgentEnd.Exited, ExitCode = code };
        return (run, result, AgentMeaning.Judge(AgentClass.Ocf, result));
    }
}
