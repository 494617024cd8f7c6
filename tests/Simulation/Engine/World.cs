using System.Globalization;
using System.Runtime.CompilerServices;
using Quorate.Contracts;

namespace Quorate.Tests.Simulation.Engine;

/// <summary>
/// True time and everything that is about to happen, on one thread. Shells are ordinary asynchronous code: each await is a point where
/// anything else may happen first, and where a process may die or stand still.
/// </summary>
internal sealed class World(ulong seed, Mutation mutation, List<string>? transcript)
{
    private readonly PriorityQueue<(Life? Life, Action Act), (long At, long Order)> _events = new();
    private readonly List<(Life Life, Action Act)> _held = [];
    private long _order;

    public Chance Chance { get; } = new(seed);

    /// <summary>True milliseconds since the schedule began. No process sees them.</summary>
    public long Now { get; private set; }

    /// <summary>How many events have happened.</summary>
    public int Events { get; private set; }

    /// <summary>What must never happen and did; empty when all is well.</summary>
    public List<string> Violations { get; } = [];

    public bool IsTold => transcript is not null;

    /// <summary>Called with each life that ended, so that its sessions and deliveries end too.</summary>
    public event Action<Life>? Died;

    /// <summary>True when this schedule runs with that rule broken.</summary>
    public bool Breaks(Mutation rule) => mutation.Includes(rule);

    /// <summary>True when evaluators take their time.</summary>
    public bool HasSlowEvaluators => mutation.HasSlowEvaluators();

    public void Tell([InterpolatedStringHandlerArgument("")] ref Telling line)
    {
        if (transcript is not null)
        {
            transcript.Add(string.Create(CultureInfo.InvariantCulture, $"{Now,8} ms  {line.ToText()}"));
        }
    }

    public void Violate(string violation)
    {
        Violations.Add(string.Create(CultureInfo.InvariantCulture, $"at {Now} ms: {violation}"));
        Tell($"VIOLATION {violation}");
    }

    /// <summary>Lets something happen later, unless that life has ended by then. Equal times happen in a random order.</summary>
    public void After(long delay, Life? life, Action act) => _events.Enqueue((life, act), (Now + delay, ((long)Chance.Below(4) << 40) + _order++));

    /// <summary>Waits; for ever when the life ends meanwhile.</summary>
    public Task Delay(long delay, Life life)
    {
        TaskCompletionSource done = new();
        After(delay, life, done.SetResult);
        return done.Task;
    }

    /// <summary>Begins a process: what it throws is either a broken invariant or a mistake of this simulation, and both are told.</summary>
    public void Begin(Life life, Func<Task> body) => After(0, life, () => body().ContinueWith(
        ended => Tell(life, ended.Exception?.InnerException),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default));

    public void Kill(Life life)
    {
        if (!life.IsDead)
        {
            life.Die();
            Died?.Invoke(life);
        }
    }

    public void Pause(Life life) => life.Pause(true);

    public void Resume(Life life)
    {
        life.Pause(false);
        foreach ((Life held, Action act) in _held.Where(held => !held.Life.IsPaused).ToList())
        {
            After(Chance.Between(0, 3), held, act);
        }

        _held.RemoveAll(held => !held.Life.IsPaused);
    }

    /// <summary>The next event; false when nothing is left to happen.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out (Life? Life, Action Act) next, out (long At, long Order) when))
        {
            return false;
        }

        Now = when.At;
        if (next.Life is { IsDead: true })
        {
            return true;
        }

        if (next.Life is { IsPaused: true } paused)
        {
            _held.Add((paused, next.Act));
            return true;
        }

        Events++;
        next.Act();
        return true;
    }

    private void Tell(Life life, Exception? failure) => Violate(failure is InvariantViolation broken
        ? $"{life}: a core found its invariant broken: {broken.Message}"
        : $"{life}: {failure}");
}
