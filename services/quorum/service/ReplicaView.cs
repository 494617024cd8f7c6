using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service;

/// <summary>What this replica knows at the moment, for answers and for its own tasks. A hint: the rows decide.</summary>
internal sealed class ReplicaView : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _kicks = new(0, 1);
    private readonly TaskCompletionSource _firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _nextLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArbiterSight _highest;
    private bool _renewalsFailed;

    public ArbiterState Arbiter { get; private set; } = ArbiterState.New;

    public MembershipChanged? Membership { get; private set; }

    public ImmutableDictionary<NodeName, TimeSpan> Ttls { get; private set; } = ImmutableDictionary<NodeName, TimeSpan>.Empty;

    /// <summary>Ends once this replica has compared the database with what it remembers: before that it grants nothing (rule S14).</summary>
    public Task FirstLook => _firstLook.Task;

    /// <summary>
    /// Ends with the next look of this replica that has not begun yet: a beat, compared with what is remembered, and what follows from it
    /// stored (rule S14). The look may fail, so the wait needs a bound.
    /// </summary>
    public Task NextLook
    {
        get
        {
            lock (_lock)
            {
                return _nextLook.Task;
            }
        }
    }

    /// <summary>How long the arbiter has been distrusted, as this replica saw it; null while it is trusted.</summary>
    public TimeSpan? DistrustedFor { get; set; }

    /// <summary>When the granted leases run out, as of the last look; null before the first.</summary>
    public SeenLeases? Leases { get; set; }

    /// <summary>Why the last beat failed; null when it did not.</summary>
    public string? BeatFailure { get; set; }

    /// <summary>The highest count of the arbiter that any replica is known to have seen.</summary>
    public ArbiterSight Highest
    {
        get
        {
            lock (_lock)
            {
                return _highest;
            }
        }
    }

    /// <summary>A look begins; whoever asks from now on waits for the one after it.</summary>
    /// <returns>To be ended when it is done; left alone when it failed.</returns>
    public TaskCompletionSource BeginLook()
    {
        lock (_lock)
        {
            TaskCompletionSource begun = _nextLook;
            _nextLook = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return begun;
        }
    }

    public void Show(ArbiterState arbiter, MembershipChanged? membership, IEnumerable<LeaseRow> rows)
    {
        lock (_lock)
        {
            Arbiter = arbiter;
            Membership = membership;
            Ttls = rows.ToImmutableDictionary(row => row.Node, row => row.Ttl);
        }

        _firstLook.TrySetResult();
    }

    /// <summary>What this replica says about the arbiter.</summary>
    /// <param name="replica">Its name.</param>
    /// <param name="look">Of the request that its newest look answers; empty when nobody asked.</param>
    public ArbiterSeen Seen(string replica, string look = "")
    {
        lock (_lock)
        {
            return new ArbiterSeen
            {
                Replica = replica,
                Era = _highest.Era,
                Sequence = _highest.Sequence,
                Generation = _highest.Generation,
                Stored = ArbiterSight.Of(Arbiter).ToPoint(),
                IsTrusted = Arbiter.IsTrusted,
                Look = look,
            };
        }
    }

    /// <summary>Remembers how far somebody saw the arbiter count (rule S14).</summary>
    public void Note(ArbiterSight sight)
    {
        lock (_lock)
        {
            _highest = _highest.With(sight);
        }
    }

    public void RenewalsFailed()
    {
        lock (_lock)
        {
            _renewalsFailed = true;
        }
    }

    /// <summary>True once after heartbeats could not be stored.</summary>
    public bool TakeRenewalsFailed()
    {
        lock (_lock)
        {
            (bool failed, _renewalsFailed) = (_renewalsFailed, false);
            return failed;
        }
    }

    /// <summary>Something changed: evaluate now instead of at the next tick. Many kicks before that are one.</summary>
    public void Kick()
    {
        try
        {
            _kicks.Release();
        }
        catch (SemaphoreFullException)
        {
            // A kick is waiting to be seen: it covers this one.
        }
    }

    public async Task WaitForTickAsync(TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task kick = _kicks.WaitAsync(either.Token);
        Task tick = Task.Delay(interval, time, either.Token);
        await Task.WhenAny(kick, tick);
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _kicks.Dispose();
}
