using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;
using Quorate.Quorum.Core.Fencing;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Arbiter;

/// <summary>One replica of quorum: hears heartbeats, beats itself, and acts on what its own clock says has lasted long enough.</summary>
internal sealed class QuorumReplica
{
    private const int TickPauseMin = 10;
    private const int RetryPause = 200;

    /// <summary>Ttl and margin together, in ttl.</summary>
    private const double MarginAndTtl = 1.1;

    private readonly SimulatedCluster _cluster;
    private readonly World _world;
    private readonly Store _store;
    private readonly long _begunAt;
    private readonly HeartbeatIntake _intake;
    private readonly FencingTasks _fencing;
    private readonly List<RequestMembership> _wanted = [];
    private Watch _watch = Watch.Nothing;
    private TaskCompletionSource? _sleeper;
    private bool _isKicked;
    private MembershipChanged? _membership;

    public QuorumReplica(SimulatedCluster cluster, Host host, QuorumTiming timing)
    {
        (_cluster, _world, _store) = (cluster, cluster.World, cluster.Store);
        Life = new Life(host == Host.Q1 ? "quorum 1" : "quorum 2", host);
        Timing = timing;
        _begunAt = _world.Now;
        _intake = new HeartbeatIntake(cluster, this);
        _fencing = new FencingTasks(cluster, this);
    }

    public Life Life { get; }

    public QuorumTiming Timing { get; }

    /// <summary>What this replica knows; a hint.</summary>
    public ArbiterState Arbiter { get; private set; } = ArbiterState.New;

    public bool RenewalsFailed { get; set; }

    /// <summary>The leases' lengths as last read.</summary>
    public ImmutableDictionary<NodeName, TimeSpan> Ttls { get; private set; } = ImmutableDictionary<NodeName, TimeSpan>.Empty;

    public DateTimeOffset Wall => _cluster.WallOf(Life.Host);

    /// <summary>On the disk of its host: how far any replica saw the arbiter count (rule S14).</summary>
    private ArbiterSight Highest
    {
        get => _cluster.ArbiterMemories.GetValueOrDefault(Life.Host);
        set => _cluster.ArbiterMemories[Life.Host] = value;
    }

    private TimeSpan Monotonic => TimeSpan.FromMilliseconds(_world.Breaks(Mutation.LossByWallClock)
        ? (Wall - SimulatedCluster.Epoch).TotalMilliseconds
        : _world.Now - _begunAt);

    public void Start()
    {
        _world.Tell($"{Life}: starts, ttl {Timing.Ttl.TotalMilliseconds} ms");
        _cluster.Bus.Consume("quorum", Life, TakeAsync);
        _cluster.Bus.Consume(SimulatedCluster.SeenQueueOf(Life.Host), Life, TakeAsync);
        _world.Begin(Life, TickAsync);
        _world.Begin(Life, RepublishAsync);
        _world.Begin(Life, () => _cluster.SendOutboxAsync(Life));
    }

    public void Hear(NodeHeartbeat heartbeat, Action<HeartbeatAnswer> answer) => _intake.Add(heartbeat, answer);

    /// <summary>Something changed: look now and not at the next tick.</summary>
    public void Kick()
    {
        _isKicked = true;
        _sleeper?.TrySetResult();
    }

    /// <summary>A membership that got lost is heard of a ttl later.</summary>
    private async Task RepublishAsync()
    {
        while (true)
        {
            await _world.Delay((long)Timing.RepublishInterval.TotalMilliseconds, Life);
            if (_membership is { } membership)
            {
                _cluster.Bus.Publish(Life.Host, new Envelope("scheduler", membership));
                PublishSeen("");
            }
        }
    }

    private void PublishSeen(string look)
    {
        ArbiterSeen seen = new()
        {
            Replica = Life.ToString(),
            Era = Highest.Era,
            Sequence = Highest.Sequence,
            Generation = Highest.Generation,
            Stored = ArbiterSight.Of(Arbiter).ToPoint(),
            IsTrusted = Arbiter.IsTrusted,
            Look = look,
        };
        foreach (Host host in (ReadOnlySpan<Host>)[Host.Q1, Host.Q2, Host.S1, Host.S2])
        {
            _cluster.Bus.Publish(Life.Host, new Envelope(SimulatedCluster.SeenQueueOf(host), seen));
        }
    }

    private async Task TakeAsync(Envelope envelope)
    {
        switch (envelope.Message)
        {
            case NodeHeartbeat heartbeat:
                Hear(heartbeat, answer => _cluster.Bus.Publish(Life.Host, new Envelope(_cluster.QueueOf(answer.Node, answer.Incarnation), answer)));
                break;
            case AcknowledgeFence acknowledgement:
                await AcknowledgeAsync(acknowledgement);
                break;
            case ArbiterSeen seen:
                Highest = Highest.With(new ArbiterSight(seen.Era, seen.Sequence, seen.Generation));
                break;
            case RequestMembership request:
                _wanted.Add(request);
                Kick();
                break;
            case FenceNode order:
                await FenceAsync(order);
                break;
        }
    }

    private async Task AcknowledgeAsync(AcknowledgeFence message)
    {
        using Transaction work = _store.Begin(Life);
        string key = NodeLeases.KeyOf(message.Node);
        NodeLeases leases = await work.LockAsync<NodeLeases>(key) ?? NodeLeases.None;
        AcknowledgeFence command = _world.Breaks(Mutation.AcknowledgedByName) ? message with { Incarnation = leases.Current?.Incarnation } : message;
        LeaseRow? named = command.Incarnation is { } incarnation ? leases.Find(incarnation) : null;
        ArbiterState arbiter = (await work.ReadAsync<ArbiterRow>(ArbiterRow.Key))?.State ?? ArbiterState.New;
        AcknowledgementDecision decision = Acknowledgement.Decide(command, named, leases.Current, arbiter, Wall);
        if (decision is AcknowledgementDecision.Accept accept)
        {
            work.Write(key, leases.With(accept.Row));
            work.OnCommitted(Kick);
        }

        await work.CommitAsync();
        _world.Tell($"{Life}: acknowledgement of {command.Node}: {decision.Reason}");
    }

    private async Task FenceAsync(FenceNode order)
    {
        using Transaction work = _store.Begin(Life);
        NodeLeases leases = await work.LockAsync<NodeLeases>(NodeLeases.KeyOf(order.Node)) ?? NodeLeases.None;
        FenceOrderDecision decision = FenceOrder.Decide(order, _cluster.Configuration.FindNode(order.Node), leases.Current, Arbiter);
        if (decision is { IsAccepted: true, Incarnation: not null } && leases.Current is { } row)
        {
            await FencingTasks.RequestAsync(work, row, order.Reason);
            work.OnCommitted(Kick);
        }

        await work.CommitAsync();
        _world.Tell($"{Life}: order to fence {order.Node}: {decision.Reason}");
    }

    private async Task TickAsync()
    {
        while (true)
        {
            long pause = (long)Timing.TickInterval.TotalMilliseconds;
            try
            {
                List<RequestMembership> wanted = [.. _wanted];
                _wanted.Clear();
                pause = await TickOnceAsync();
                // Only by a look that began after they asked (rule S14).
                wanted.ForEach(request => PublishSeen(request.Look));
            }
            catch (StoreGoneException)
            {
                // The gap this leaves in the own beat begins every observation anew (S2).
                pause = Math.Max(pause, RetryPause);
            }

            await SleepAsync(pause);
        }
    }

    private async Task SleepAsync(long pause)
    {
        if (!_isKicked)
        {
            _sleeper = new TaskCompletionSource();
            TaskCompletionSource sleeper = _sleeper;
            _world.After(pause, Life, () => sleeper.TrySetResult());
            await sleeper.Task;
        }

        _isKicked = false;
        await _world.Delay(1, Life);
    }

    private async Task<long> TickOnceAsync()
    {
        (Reading reading, MembershipChanged? membership) = await BeatAsync();
        Highest = Highest.With(ArbiterSight.Of(reading.Arbiter));
        Reading seen = _world.Breaks(Mutation.FencesWhileInquorate) ? reading with { Arbiter = reading.Arbiter with { IsQuorate = true } } : reading;
        _watch = _watch.Next(seen, _cluster.Configuration, Timing);
        Ttls = reading.Rows.ToImmutableDictionary(row => row.Node, row => row.Ttl);
        Reading judged = _world.Breaks(Mutation.SettingsOfToday) ? reading with { Rows = [.. reading.Rows.Select(AsOfToday)] }
            : _world.Breaks(Mutation.TimeFencesAnyNode) ? reading with { Rows = [.. reading.Rows.Select(row => row with { IsSelfFencing = true })] }
            : _world.Breaks(Mutation.MarginDropped) ? reading with { Rows = [.. reading.Rows.Select(WithoutMargin)] }
            : reading;
        ClusterConfiguration timed = _world.Breaks(Mutation.TimeFencesBesideDevices)
            ? _cluster.Configuration with { Nodes = [.. _cluster.Configuration.Nodes.Select(node => node with { FenceMethods = [] })] }
            : _cluster.Configuration;
        ImmutableArray<LeaseRow> fenced = TimeFencing.FindDue(_watch, judged, timed, Wall);
        ImmutableArray<LeaseRow> lost = [.. Silence.FindLost(_watch, judged, Wall).Where(row => !fenced.Any(due => due.Node == row.Node))];
        if (!fenced.IsEmpty || !lost.IsEmpty || Evaluate(reading.Arbiter, membership, reading.Rows) is not null)
        {
            await ApplyAsync(reading, [.. fenced, .. lost]);
        }
        else
        {
            (Arbiter, _membership) = (reading.Arbiter, membership);
        }

        _fencing.Offer(FencingDue.Find(_watch, seen, _cluster.Configuration, Timing));
        TimeSpan? due = new[] { Silence.NextAt(_watch, judged), TimeFencing.NextAt(_watch, judged, timed) }.Min();
        double untilDue = due is { } at ? (at - Monotonic).TotalMilliseconds : double.MaxValue;
        return (long)Math.Clamp(untilDue, TickPauseMin, Timing.TickInterval.TotalMilliseconds);
    }

    private LeaseRow AsOfToday(LeaseRow row) => row with { Ttl = Timing.Ttl };

    /// <summary>The broken rule: a ttl that has its own length only together with its margin, which the core adds.</summary>
    private static LeaseRow WithoutMargin(LeaseRow row)
    {
        TimeSpan byShare = row.Ttl / MarginAndTtl;
        return row with { Ttl = QuorumTiming.MarginFor(byShare) > QuorumTiming.MarginMin ? byShare : row.Ttl - QuorumTiming.MarginMin };
    }

    private async Task<(Reading Reading, MembershipChanged? Membership)> BeatAsync()
    {
        TimeSpan beganAt = Monotonic;
        ArbiterSight highest = Highest;
        ArbiterRow state;
        using (Transaction work = _store.Begin(Life))
        {
            state = await work.LockAsync<ArbiterRow>(ArbiterRow.Key) ?? new ArbiterRow(ArbiterState.New, null);
            ArbiterState beaten = state.State with { Sequence = state.State.Sequence + 1 };
            bool hasGoneBack = beaten.IsTrusted && highest.IsAheadBefore(beaten) && !_world.Breaks(Mutation.ArbiterForgets);
            state = state with { State = beaten with { IsTrusted = beaten.IsTrusted && !hasGoneBack } };
            work.Write(ArbiterRow.Key, state);
            await work.CommitAsync();
            if (hasGoneBack)
            {
                _world.Tell($"{Life}: the database went back: it counts {beaten.Sequence}, and {highest.Sequence} was seen");
            }
        }

        using Transaction reading = _store.Begin(Life);
        ImmutableArray<NodeLeases> leases = await LeasesAsync(reading);
        ImmutableArray<LeaseRow> rows = CurrentOf(leases);
        ImmutableArray<FenceRow> fences = await FencingTasks.ReadOpenAsync(reading, leases);
        bool hasFailed = RenewalsFailed;
        RenewalsFailed = false;
        return (
            new Reading { BeganAt = beganAt, EndedAt = Monotonic, Arbiter = state.State, Rows = rows, Fences = fences, RenewalsFailed = hasFailed },
            state.Membership);
    }

    private async Task<ImmutableArray<NodeLeases>> LeasesAsync(Transaction work) =>
        [.. (await work.ReadAllAsync<NodeLeases>(_cluster.Configuration.Nodes.Select(node => NodeLeases.KeyOf(node.Name)))).OfType<NodeLeases>()];

    private static ImmutableArray<LeaseRow> CurrentOf(ImmutableArray<NodeLeases> leases) => [.. leases.Select(node => node.Current).OfType<LeaseRow>()];

    private MembershipTransition? Evaluate(ArbiterState arbiter, MembershipChanged? previous, ImmutableArray<LeaseRow> rows) =>
        Membership.Evaluate(new MembershipSituation
        {
            Configuration = _cluster.Configuration,
            Arbiter = arbiter,
            Previous = previous,
            Rows = rows,
            EnoughVotesFor = _watch.HeldFor(Fact.EnoughVotes),
            Timing = Timing,
            HighestGenerationSeen = _world.Breaks(Mutation.ArbiterForgets) ? 0 : Highest.Generation,
            Now = Wall,
        });

    private async Task ApplyAsync(Reading reading, ImmutableArray<LeaseRow> changes)
    {
        using Transaction work = _store.Begin(Life);
        ArbiterRow state = await work.LockAsync<ArbiterRow>(ArbiterRow.Key) ?? new ArbiterRow(ArbiterState.New, null);
        foreach (LeaseRow change in changes)
        {
            string key = NodeLeases.KeyOf(change.Node);
            NodeLeases now = await work.LockAsync<NodeLeases>(key) ?? NodeLeases.None;
            LeaseRow seen = reading.Rows.Single(row => row.Node == change.Node);
            bool isByName = _world.Breaks(Mutation.FencedByName) && change.State == LeaseState.Fenced;
            if (now.Changed(seen, change, isByName) is { } next)
            {
                work.Write(key, next);
                work.OnCommitted(Kick);
                _world.Tell($"{Life}: {change.Incarnation} becomes {change.State}: {change.Reason}");
            }
        }

        MembershipTransition? transition = Evaluate(state.State, state.Membership, CurrentOf(await LeasesAsync(work)));
        if (transition is not null)
        {
            work.Write(ArbiterRow.Key, new ArbiterRow(transition.Arbiter with { Sequence = state.State.Sequence }, transition.Membership));
            Publish(work, transition);
        }

        await work.CommitAsync();
        (Arbiter, _membership) = (transition?.Arbiter ?? state.State, transition?.Membership ?? state.Membership);
        Highest = Highest.With(ArbiterSight.Of(Arbiter));
    }

    private void Publish(Transaction work, MembershipTransition next)
    {
        _world.Tell($"{Life}: generation {next.Arbiter.Generation}: {next.Reason}");
        work.Send("scheduler", next.Membership);
        if (next.HasDissolved)
        {
            work.Send(SimulatedCluster.EveryNode, new QuorumDissolved { Generation = next.Arbiter.Generation });
        }
    }
}
