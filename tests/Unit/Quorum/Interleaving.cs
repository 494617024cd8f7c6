using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Unit.Quorum;

/// <summary>
/// Three nodes, two replicas and one arbiter on a true timeline of milliseconds. Heartbeats wait in flight, arrive late, twice and in
/// any order; nodes die; replicas read slowly, pause and restart; an operator acknowledges. It remembers when each promise really ends.
/// </summary>
internal sealed class Interleaving
{
    private static readonly ClusterConfiguration Configuration = Cluster.Of("n1", "n2", "n3");
    private static readonly QuorumTiming Timing = QuorumTiming.For(TimeSpan.FromMilliseconds(1_000));

    private readonly List<LeaseRow> _rows = [];
    private readonly List<NodeHeartbeat> _inFlight = [];
    private readonly Dictionary<Incarnation, long> _promiseEndsAt = [];
    private readonly int[] _lives = [1, 1, 1];
    private readonly bool[] _hasProof = new bool[3];
    private readonly Watch[] _watches = [Watch.Nothing, Watch.Nothing];
    private readonly TimeSpan[] _lastReadEnded = [TimeSpan.Zero, TimeSpan.Zero];
    private ArbiterState _arbiter = ArbiterState.New;
    private MembershipChanged? _membership;
    private long _now = 1_000;

    /// <summary>What must never happen and did; empty when all is well.</summary>
    public List<string> Violations { get; } = [];

    public int FencedByTime { get; private set; }

    public int Granted { get; private set; }

    /// <summary>Does one step; any three numbers mean something.</summary>
    public void Step(int kind, int which, int amount)
    {
        _now += 1 + (amount % 7);
        switch (kind)
        {
            case 0 or 1 or 2: Send(which % 3); break;
            case 3 or 4 or 5: Deliver(which, keepCopy: amount % 10 == 0); break;
            case 6 or 7 or 8 or 9: Tick(which % 2, amount); break;
            case 10 or 11: _now += amount; break;
            case 12: BeginAnotherLife(which % 3, isProven: amount % 2 == 0); break;
            case 13: Acknowledge(which % 3, amount); break;
            case 14: _watches[which % 2] = Watch.Nothing; break;
            default: Breathe(amount); break;
        }
    }

    /// <summary>A while in which all goes well, or one node is silent, so that whole failovers happen too.</summary>
    private void Breathe(int amount)
    {
        for (int beat = 0; beat < 4 + (amount % 12); beat++)
        {
            _now += 150;
            foreach (int node in Enumerable.Range(0, 3).Where(node => node != amount % 5))
            {
                Send(node);
                Deliver(_inFlight.Count - 1, keepCopy: false);
            }

            Tick(0, amount % 40);
            Tick(1, amount % 60);
        }
    }

    private static Incarnation Life(int node, int number) => new($"n{node + 1}.{number}");

    private void Send(int node)
    {
        NodeHeartbeat heartbeat = Cluster.Beat($"n{node + 1}", Life(node, _lives[node]).Value, _now);
        _inFlight.Add(heartbeat with
        {
            ProvenEnded = _hasProof[node] ? [.. Enumerable.Range(1, _lives[node] - 1).Select(number => Life(node, number))] : [],
        });
    }

    private void Deliver(int which, bool keepCopy)
    {
        if (_inFlight.Count == 0)
        {
            return;
        }

        NodeHeartbeat heartbeat = _inFlight[which % _inFlight.Count];
        if (!keepCopy)
        {
            _inFlight.RemoveAt(which % _inFlight.Count);
        }

        AdmissionDecision decision = Admission.Decide(new AdmissionSituation
        {
            Heartbeat = heartbeat,
            Configured = Configuration.FindNode(heartbeat.Node),
            Own = _rows.Find(row => row.Incarnation == heartbeat.Incarnation),
            Current = Current(heartbeat.Node),
            Arbiter = _arbiter,
            Timing = Timing,
            Now = Cluster.Noon,
        });
        switch (decision)
        {
            case AdmissionDecision.Admit admit:
                if (admit.Ended is { } ended)
                {
                    Store(ended);
                }

                Require(_rows.Where(row => row.Node == heartbeat.Node).All(row => row.HasEnded), $"{heartbeat.Incarnation} joined beside a living one");
                _rows.Add(admit.Row);
                break;
            case AdmissionDecision.Renew renew:
                Store(renew.Row);
                break;
            case AdmissionDecision.Leave leave:
                Store(leave.Row);
                break;
        }

        if (decision.Verdict == HeartbeatVerdict.Granted)
        {
            Granted++;
            LeaseRow row = _rows.Single(row => row.Incarnation == heartbeat.Incarnation);
            long endsAt = heartbeat.Sequence + (long)(row.Ttl + row.StopDeadline + row.Watchdog).TotalMilliseconds;
            _promiseEndsAt[row.Incarnation] = Math.Max(endsAt, _promiseEndsAt.GetValueOrDefault(row.Incarnation));
            Require(row.State == LeaseState.Live, $"{row.Incarnation} was granted a lease while {row.State}");
        }
    }

    private void Tick(int replica, int amount)
    {
        // The rows are those of this moment; the reading began a little before and ends a little after.
        TimeSpan beganAt = Later(TimeSpan.FromMilliseconds(_now - (amount % 90)), _lastReadEnded[replica]);
        TimeSpan endedAt = Later(TimeSpan.FromMilliseconds(_now + (amount % 50)), beganAt);
        _lastReadEnded[replica] = endedAt;
        Reading reading = new() { BeganAt = beganAt, EndedAt = endedAt, Arbiter = _arbiter, Rows = CurrentRows() };
        Watch watch = _watches[replica] = _watches[replica].Next(reading, Configuration, Timing);
        foreach (LeaseRow fenced in TimeFencing.FindDue(watch, reading, Configuration, Cluster.Noon))
        {
            FencedByTime++;
            Require(
                _now >= _promiseEndsAt.GetValueOrDefault(fenced.Incarnation),
                $"{fenced.Incarnation} was fenced by time at {_now}, and may run until {_promiseEndsAt.GetValueOrDefault(fenced.Incarnation)}");
            Store(fenced);
        }

        foreach (LeaseRow lost in Silence.FindLost(watch, reading, Cluster.Noon).Where(row => !_rows.Single(now => now.Incarnation == row.Incarnation).HasEnded))
        {
            Store(lost);
        }

        Evaluate(watch);
    }

    private void Evaluate(Watch watch)
    {
        MembershipTransition? next = Membership.Evaluate(new MembershipSituation
        {
            Configuration = Configuration,
            Arbiter = _arbiter,
            Previous = _membership,
            Rows = CurrentRows(),
            EnoughVotesFor = watch.HeldFor(Fact.EnoughVotes),
            Timing = Timing,
            Now = Cluster.Noon,
        });
        if (next is not null)
        {
            Require(next.Arbiter.Generation == _arbiter.Generation + 1, "a generation was skipped");
            (_arbiter, _membership) = (next.Arbiter, next.Membership);
        }
    }

    private void BeginAnotherLife(int node, bool isProven)
    {
        _lives[node]++;
        _hasProof[node] = isProven;
    }

    private void Acknowledge(int node, int amount)
    {
        NodeName name = new($"n{node + 1}");
        Incarnation? meant = amount % 2 == 0 ? null : Life(node, 1 + (amount % _lives[node]));
        AcknowledgeFence command = new() { RequestId = "r", Node = name, Incarnation = meant };
        LeaseRow? named = _rows.Find(row => row.Incarnation == meant);
        if (Acknowledgement.Decide(command, named, Current(name), _arbiter, Cluster.Noon) is AcknowledgementDecision.Accept accept)
        {
            LeaseRow meantRow = _rows.Single(row => row.Incarnation == accept.Row.Incarnation);
            Require(meantRow.State == LeaseState.Lost || meantRow.MustComeAnew(_arbiter), "an acknowledgement fenced a node that did not count as lost");
            Store(accept.Row);
        }
    }

    private void Store(LeaseRow row)
    {
        int index = _rows.FindIndex(known => known.Incarnation == row.Incarnation);
        Require(!_rows[index].HasEnded || row.HasEnded, $"{row.Incarnation} came back");
        Require(_rows[index].State != LeaseState.Lost || row.State != LeaseState.Live, $"{row.Incarnation} was lost and lives");
        _rows[index] = row;
    }

    private LeaseRow? Current(NodeName node) => _rows.FindLast(row => row.Node == node);

    private ImmutableArray<LeaseRow> CurrentRows() => [.. _rows.GroupBy(row => row.Node).Select(rows => rows.Last())];

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private void Require(bool isTrue, string violation)
    {
        if (!isTrue)
        {
            Violations.Add(violation);
        }
    }
}
