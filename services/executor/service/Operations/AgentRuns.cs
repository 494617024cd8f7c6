using System.Diagnostics;
using System.Diagnostics.Metrics;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Service.Guard;
using Quorate.Hosting.Telemetry;
using Quorate.Hosting.Telemetry.Metrics;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Executor.Service.Operations;

/// <summary>Runs agents through the guard; each run is measured and, where it is part of a recorded operation, a span.</summary>
internal sealed class AgentRuns(GuardClient guard, Instruments instruments)
{
    private readonly Histogram<double> _durations = instruments.Histogram(MetricCatalogue.AgentDuration);

    /// <inheritdoc cref="GuardClient.RunAsync"/>
    public async Task<AgentResult> RunAsync(ServiceName service, AgentInvocation run, CancellationToken cancellation)
    {
        using Activity? span = Traces.Within($"agent {run.Action} {run.Resource}");
        span?.SetTag("quorate.service", service.Value);
        AgentResult result = await guard.RunAsync(service, run, cancellation);
        string outcome = AgentMeaning.Outcome(run, result);
        _durations.Record(
            result.DurationMilliseconds / 1000.0,
            Instruments.Tags(MetricCatalogue.AgentDuration, run.Resource.Split(':')[0], run.Action, outcome));
        span?.SetTag("quorate.outcome", outcome).SetTag("quorate.exit_code", result.ExitCode).SetTag("quorate.duration_ms", result.DurationMilliseconds);
        span?.SetStatus(AgentMeaning.IsExpected(outcome) ? ActivityStatusCode.Ok : ActivityStatusCode.Error, result.Reason);
        return result;
    }
}
