using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// What this replica wants evaluated. A hint only: what is lost here is found again by the sweep (rule S13). Bounded by the number
/// of configured services, since a name waits here at most once.
/// </summary>
internal sealed class EvaluationSignals(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ServiceName> _services = [];
    private TaskCompletionSource _raised = New();
    private bool _isMembershipNew;
    private bool _isSweep;

    /// <summary>These services wait for the planner's word.</summary>
    public void NeedPlacement(IEnumerable<ServiceName> services)
    {
        lock (_lock)
        {
            _services.UnionWith(services);
            _raised.TrySetResult();
        }
    }

    /// <summary>Something happened that others may have waited for: a configuration came, or a service gave up what another needs.</summary>
    public void NeedSweep()
    {
        lock (_lock)
        {
            _isSweep = true;
            _raised.TrySetResult();
        }
    }

    /// <summary>A newer membership was stored.</summary>
    public void MembershipChanged()
    {
        lock (_lock)
        {
            _isMembershipNew = true;
            _raised.TrySetResult();
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
            EvaluationRequest request = new([.. _services], _isMembershipNew, isSweep || _isSweep);
            _services.Clear();
            _isMembershipNew = false;
            _isSweep = false;
            _raised = New();
            return request;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What one evaluation is asked for.</summary>
/// <param name="Services">Services that wait for the planner's word.</param>
/// <param name="IsMembershipNew">A newer membership was stored.</param>
/// <param name="IsSweep">Nobody asked; it is time to look.</param>
internal sealed record EvaluationRequest(ImmutableArray<ServiceName> Services, bool IsMembershipNew, bool IsSweep);
