namespace Quorate.Executor.Guard;

/// <summary>The agents' runs under way for the executor, by its session and its ids: an executor started anew counts from 1 again.</summary>
internal sealed class Runs
{
    /// <summary>How many runs may be under way at once.</summary>
    public const int RunsMax = 256;

    /// <summary>How long cancelled runs may take to be gone before the guard goes on: its own kill of the cgroups follows anyway.</summary>
    private static readonly TimeSpan CancelTimeMax = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(object Session, long Id), Run> _runs = [];

    /// <summary>Begins a run, unless that id is taken or too many are under way; the reason where it was not begun.</summary>
    /// <param name="session">Which executor asks.</param>
    /// <param name="id">The executor's id.</param>
    /// <param name="run">The work; it must not throw.</param>
    public string? TryBegin(object session, long id, Func<CancellationToken, Task> run)
    {
        CancellationTokenSource cancellation = new();
        lock (_gate)
        {
            if (_runs.Count >= RunsMax)
            {
                cancellation.Dispose();
                return $"{RunsMax} runs are under way";
            }

            if (_runs.ContainsKey((session, id)))
            {
                cancellation.Dispose();
                return $"a run with id {id} is under way";
            }

            _runs[(session, id)] = new Run(cancellation, Task.Run(() => RunAsync((session, id), run, cancellation), CancellationToken.None));
            return null;
        }
    }

    /// <summary>Kills one run, if it is under way.</summary>
    public void Cancel(object session, long id)
    {
        lock (_gate)
        {
            if (_runs.TryGetValue((session, id), out Run? run))
            {
                run.Cancellation.Cancel();
            }
        }
    }

    /// <summary>Kills all runs and waits a bounded time until they are gone.</summary>
    public async Task CancelAllAsync()
    {
        Task[] work;
        lock (_gate)
        {
            foreach (Run run in _runs.Values)
            {
                run.Cancellation.Cancel();
            }

            work = [.. _runs.Values.Select(run => run.Work)];
        }

        await Task.WhenAny(Task.WhenAll(work), Task.Delay(CancelTimeMax));
    }

    private async Task RunAsync((object Session, long Id) key, Func<CancellationToken, Task> run, CancellationTokenSource cancellation)
    {
        try
        {
            await run(cancellation.Token);
        }
        catch (Exception bug)
        {
            // Nothing expected is thrown here. A guard that lost track of a run must not go on: the next guard stops all and proves it.
            Environment.FailFast("a run ended by an unexpected exception", bug);
        }

        lock (_gate)
        {
            _runs.Remove(key);
        }

        cancellation.Dispose();
    }

    private sealed record Run(CancellationTokenSource Cancellation, Task Work);
}
