using System.Collections.Immutable;
using System.Diagnostics;

namespace Quorate.Tests.Integration.Telemetry;

/// <summary>Every span of this process that has ended since this was made, of our source and the transport's.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private static readonly string[] Sources = ["Quorate", "MassTransit"];

    private readonly ActivityListener _listener;
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = New();
    private ImmutableList<Activity> _spans = [];

    public RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => Sources.Contains(source.Name),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Take,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ImmutableList<Activity> All
    {
        get
        {
            lock (_gate)
            {
                return _spans;
            }
        }
    }

    /// <summary>Waits, span by span, until what has ended so far gives something.</summary>
    /// <param name="what">What is waited for, for whoever reads the failure.</param>
    /// <param name="find">Gives null while there is nothing.</param>
    /// <param name="bound">How long it may take.</param>
    public async Task<T> UntilAsync<T>(string what, Func<ImmutableList<Activity>, T?> find, TimeSpan bound) where T : class
    {
        using CancellationTokenSource patience = new(bound);
        while (true)
        {
            Task more;
            ImmutableList<Activity> spans;
            lock (_gate)
            {
                (more, spans) = (_more.Task, _spans);
            }

            if (find(spans) is { } found)
            {
                return found;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"not within {bound}: {what}; the last spans: {string.Join("; ", spans.TakeLast(40).Select(span => $"{span.TraceId} {span.DisplayName}"))}");
            }
        }
    }

    /// <summary>A span and those it came from, up to the one that nothing came before.</summary>
    public ImmutableList<Activity> PathTo(Activity span)
    {
        ImmutableList<Activity> path = [span];
        while (All.FirstOrDefault(other => other.SpanId == path[0].ParentSpanId && other.TraceId == span.TraceId) is { } parent)
        {
            path = path.Insert(0, parent);
        }

        return path;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Activity span)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _spans = _spans.Add(span);
            (more, _more) = (_more, New());
        }

        more.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
