using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Model.Resources;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Nodes;

/// <summary>
/// A guard: it watches the lease, journals what begins, and ends the incarnation by stopping and proving everything; where that does not
/// succeed by the stop deadline it destroys the node, if that was promised.
/// </summary>
internal sealed class GuardProcess(Machine machine)
{
    private const int TimerLateMax = 3;
    private const int StopMax = 150;
    private const int RoundPause = 50;
    private const int RoundPauseAfterDeadline = 500;
    private const int ProvenMax = 16;
    private const int GoodbyePatience = 50;

    private readonly SimulatedCluster _cluster = machine.Cluster;
    private readonly World _world = machine.Cluster.World;
    private ExecutorProcess? _executor;
    private bool _isServing;
    private bool _isOver;
    private bool _isLeaving;

    public Life Life { get; } = new($"guard of {machine.Name}", machine.Host, machine.Life);

    public Machine Machine => machine;

    public ExecutorProcess? Executor => _executor;

    public long LeaseDeadline { get; private set; }

    /// <summary>True while an incarnation lives here.</summary>
    public bool IsServing => _isServing;

    /// <summary>True while services may begin here.</summary>
    public bool MayServe => _isServing && HasLease;

    private bool HasLease => LeaseDeadline > machine.Clock;

    /// <summary>Earlier incarnations that are proven ended, as a heartbeat names them.</summary>
    public IReadOnlyList<Incarnation> ProvenEnded => [.. machine.Ended.TakeLast(ProvenMax)];

    public void Start() => _world.Begin(Life, () => EndAsync("an earlier guard ended", leaseDeadline: 0));

    /// <summary>The guard dies alone: its executor ends with it, what its agents started goes on.</summary>
    public void Die()
    {
        _world.Tell($"{Life}: killed");
        if (_executor is not null)
        {
            _world.Kill(_executor.Life);
        }

        _world.Kill(Life);
        machine.StartGuard();
    }

    public void KillExecutor(string why)
    {
        if (_executor is { Life.IsDead: false } executor)
        {
            _world.Tell($"{executor.Life}: killed ({why})");
            _world.Kill(executor.Life);
            machine.KillAgents();
        }
    }

    /// <summary>Told to end: everything is stopped and proven, and then it says goodbye.</summary>
    public void Leave()
    {
        _world.Tell($"{Life}: told to leave");
        _isLeaving = true;
        if (_isServing)
        {
            BeginEnding("it leaves", killsExecutor: false);
        }
    }

    /// <summary>An executor that crashed is started again, for the same incarnation.</summary>
    public void StartExecutor() => _world.After(_world.Chance.Between(30, 250), Life, () =>
    {
        if (_isServing && _executor is not { Life.IsDead: false })
        {
            _executor = new ExecutorProcess(this);
            _executor.Start();
        }
    });

    /// <summary>A lease moves only forward, and never comes back once it ran out (rule S9).</summary>
    public void TakeLease(Incarnation incarnation, long deadline)
    {
        bool hasRunOut = LeaseDeadline > 0 && !HasLease;
        bool comesBack = hasRunOut && _world.Breaks(Mutation.GrantAfterExpiry) && incarnation == machine.Incarnation;
        if (comesBack)
        {
            (_isServing, _isOver) = (true, true);
        }

        if (RefuseIncarnation(incarnation) is not null || deadline <= LeaseDeadline || (hasRunOut && !comesBack))
        {
            return;
        }

        LeaseDeadline = deadline;
        _world.After(machine.Until(deadline) + _world.Chance.Between(0, TimerLateMax), Life, () => OnLeaseExpired(deadline));
        Arm(deadline + StopDeadline);
    }

    public string? Begin(GuardRequest.Begin begin)
    {
        JournalEntry? known = _world.Breaks(Mutation.EpochUnchecked) ? null : machine.Journal.GetValueOrDefault(begin.Service);
        string? refusal = RefuseIncarnation(begin.Incarnation) ?? JournalRules.RefuseBegin(known, begin, HasLease);
        if (refusal is null)
        {
            machine.Journal[begin.Service] = JournalRules.AfterBegin(known, begin, []);
        }

        return refusal;
    }

    /// <summary>Begins a start agent: from here on the service may run.</summary>
    public string? RunStart(ServiceName service, Incarnation incarnation, int duration)
    {
        GuardRequest.Run run = new() { Incarnation = incarnation, Id = 1, Service = service, Invocation = StartOf(service) };
        string? refusal = RefuseIncarnation(incarnation) ?? JournalRules.RefuseRun(machine.Journal.GetValueOrDefault(service), run, HasLease);
        if (refusal is null)
        {
            machine.BeginAgent(service, incarnation, machine.Journal[service].ConfigurationVersion, duration);
        }

        return refusal;
    }

    public string? Finish(GuardRequest.Finish finish)
    {
        JournalEntry? known = machine.Journal.GetValueOrDefault(finish.Service);
        string? refusal = RefuseIncarnation(finish.Incarnation) ?? JournalRules.RefuseFinish(known, finish);
        if (refusal is null && known is not null)
        {
            machine.Journal[finish.Service] = JournalRules.AfterFinish(known, finish);
        }

        return refusal;
    }

    public void EndIncarnation(Incarnation incarnation, string reason)
    {
        if (RefuseIncarnation(incarnation) is null)
        {
            BeginEnding(reason, killsExecutor: false);
        }
    }

    private static long StopDeadline => SimulatedCluster.StopDeadline;

    private static AgentInvocation StartOf(ServiceName service) => new()
    {
        Resource = $"script:{service}",
        Class = AgentClass.Ocf,
        Action = "start",
        TimeoutMilliseconds = 20_000,
        Environment = ImmutableSortedDictionary<string, string>.Empty,
    };

    private void OnLeaseExpired(long deadline)
    {
        if (deadline == LeaseDeadline && _isServing)
        {
            BeginEnding("its lease expired", killsExecutor: true);
        }
    }

    private void BeginEnding(string reason, bool killsExecutor)
    {
        _world.Tell($"{machine.Name}: {machine.Incarnation} ends: {reason}");
        (_isServing, _isOver) = (false, false);
        if (killsExecutor && !_world.Breaks(Mutation.GrantAfterExpiry))
        {
            KillExecutor(reason);
        }

        _executor?.Close();
        _world.Begin(Life, () => EndAsync(reason, LeaseDeadline));
    }

    private async Task EndAsync(string reason, long leaseDeadline)
    {
        machine.KillAgents();
        EndingTimes times = EndingTimes.First(machine.Clock, leaseDeadline, StopDeadline);
        Arm(times.Deadline);
        while (!_isOver)
        {
            foreach (JournalEntry entry in machine.Journal.Values.Where(entry => !entry.IsStopProven).ToList())
            {
                await _world.Delay(_world.Chance.Between(5, StopMax), Life);
                if (!machine.Hangs(entry.Service) && !_isOver)
                {
                    machine.End(entry.Service, "stopped by the guard", entry.ConfigurationVersion);
                    machine.Journal[entry.Service] = entry with { IsStopProven = !machine.Runs(entry.Service, entry.ConfigurationVersion) };
                }
            }

            if (machine.Journal.Values.All(entry => entry.IsStopProven))
            {
                BeginNext(reason);
                return;
            }

            await _world.Delay(machine.Clock >= times.Deadline ? RoundPauseAfterDeadline : RoundPause, Life);
        }
    }

    /// <summary>At the stop deadline nothing may be left (rule S7): no agent that hangs can put this off.</summary>
    private void Arm(long deadline) => _world.After(machine.Until(deadline) + _world.Chance.Between(0, TimerLateMax), Life, () =>
    {
        bool isRenewed = _isServing && LeaseDeadline + StopDeadline > deadline;
        if (!isRenewed && _cluster.IsSelfFencing && machine.Journal.Values.Any(entry => !entry.IsStopProven) && deadline >= LeaseDeadline)
        {
            machine.SwitchOff("its guard destroys it: a stop is not proven by the deadline");
            _cluster.SwitchOnLater(machine);
        }
    });

    private void BeginNext(string reason)
    {
        if (_isLeaving)
        {
            GoAway();
            return;
        }

        if (_executor is { } old)
        {
            _world.Kill(old.Life);
            _cluster.Bus.Remove(_cluster.QueueOf(machine.Name, machine.Incarnation));
        }

        machine.MintIncarnation();
        LeaseDeadline = 0;
        (_isServing, _executor) = (true, null);
        _world.Tell($"{machine.Name}: {machine.Incarnation} begins ({reason})");
        StartExecutor();
    }

    /// <summary>The goodbye is the last word of that life, and may get lost; the next life is on disk before it is said.</summary>
    private void GoAway()
    {
        _executor?.SayGoodbye();
        string queue = _cluster.QueueOf(machine.Name, machine.Incarnation);
        machine.MintIncarnation();
        _world.After(GoodbyePatience, machine.Life, () =>
        {
            if (_executor is { } executor)
            {
                _world.Kill(executor.Life);
            }

            _cluster.Bus.Remove(queue);
            _world.Kill(Life);
        });
    }

    private string? RefuseIncarnation(Incarnation incarnation) =>
        !_isServing ? "this incarnation is over: everything is being stopped"
        : incarnation != machine.Incarnation ? $"incarnation {incarnation} is not the current one"
        : null;
}
