namespace Quorate.Tests.Simulation;

/// <summary>Many schedules, on every core; each one alone on its thread.</summary>
internal sealed class Campaign(Mutation mutation)
{
    private const int FailuresMax = 5;

    private readonly Lock _gate = new();
    private readonly List<Outcome> _failed = [];
    private ulong _next;
    private ulong _end;
    private bool _isStopped;

    /// <summary>The schedules with a violation, by seed.</summary>
    public IReadOnlyList<Outcome> Failed => [.. _failed.OrderBy(outcome => outcome.Seed)];

    public int Played { get; private set; }

    public long Events { get; private set; }

    public int EventsLeast { get; private set; } = int.MaxValue;

    /// <summary>Plays them all, or until enough have failed.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="stopsAtFirst">True where one failure is enough.</param>
    public void Run(ulong from, int seeds, bool stopsAtFirst)
    {
        (_next, _end) = (from, from + (ulong)seeds);
        // Threads of its own, without anybody's synchronization context: a schedule goes on where it is, never somewhere else.
        Thread[] threads = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount)).Select(_ => new Thread(() => Work(stopsAtFirst)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private void Work(bool stopsAtFirst)
    {
        while (Take() is { } seed)
        {
            Outcome outcome = Schedule.Play(seed, mutation, transcript: null);
            lock (_gate)
            {
                Played++;
                Events += outcome.Events;
                EventsLeast = Math.Min(EventsLeast, outcome.Events);
                if (outcome.Violations.Count > 0)
                {
                    _failed.Add(outcome);
                    _isStopped = stopsAtFirst || _failed.Count >= FailuresMax;
                }
            }
        }
    }

    private ulong? Take()
    {
        lock (_gate)
        {
            return _isStopped || _next >= _end ? null : _next++;
        }
    }
}
