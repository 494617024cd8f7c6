using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// What this replica wants evaluated. A hint only: what is lost here is found again by the sweep (rule S13). Bounded by the number
/// of configured services, since a name waits here at most once. Each signal brings the trace of what raised it, so that it goes on.
/// </summary>
internal sealed class EvaluationSignals(TimeProvider time)
{
    /// <summary>Traces that one evaluation goes on from; of more, the first ones.</summary>
    private const int TracesMax = 16;

    private readonly Lock _lock = new();
    private readonly SortedSet<ServiceName> _services = [];
    private readonly List<string> _traces = [];
    private TaskCompletionSource _raised = New();
    private bool _isMembershipNew;
    private bool _isSweep;

    /// <summary>These services wait for the planner's word.</summary>
    public void NeedPlacement(IEnumerable<ServiceName> services)
    {
        lock (_lock)
        {
            _services.UnionWith(services);
            Raise();
        }
    }

    /// <summary>Something happened that others may have waited for: a configuration came, or a service gave up what another needs.</summary>
    public void NeedSweep()
    {
        lock (_lock)
        {
            _isSweep = true;
            Raise();
        }
    }

    /// <summary>A newer membership was stored.</summary>
    public void MembershipChanged()
    {
        lock (_lock)
        {
            _isMembershipNew = true;
            Raise();
        }
    }

    /// <summary>Waits for a signal, or until the next sweep is due.</summary>
    /// <param name="sweepIn">How long until then; zero or less when it is due already, however many signals there are.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>What was asked for; a sweep when the time was up.</returns>
    public async Task<EvaluationRequest> WaitAsync(TimeSpan sweepIn, CancellationToken ct)
    {
        bool isSweep = sweepIn <= TimeSpan.Zero;
        if (!isSweep)
        {
            Task raised;
            lock (_lock)
            {
                raised = _raised.Task;
            }
            try
            {
                await raised.WaitAsync(sweepIn, time, ct);
            }
            catch (TimeoutException)
            {
                isSweep = true;
            }
        }
        lock (_lock)
        {
            EvaluationRequest request = new([.. _services], _isMembershipNew, isSweep || _isSweep) { Traces = [.. _traces] };
            _services.Clear();
            _traces.Clear();
            _isMembershipNew = false;
            _isSweep = false;
            _raised = New();
            return request;
        }
    }

    private void Raise()
    {
        if (Traces.Here is { } trace && _traces.Count < TracesMax)
        {
            _traces.Add(trace);
        }
        _raised.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What one evaluation is asked for.</summary>
/// <param name="Services">Services that wait for the planner's word.</param>
/// <param name="IsMembershipNew">A newer membership was stored.</param>
/// <param name="IsSweep">Nobody asked; it is time to look.</param>
internal sealed record EvaluationRequest(ImmutableArray<ServiceName> Services, bool IsMembershipNew, bool IsSweep)
{
    /// <summary>The traces of what asked, in the order in which it did.</summary>
    public ImmutableArray<string> Traces { get; init; } = [];
}
