using FsCheck;
using FsCheck.Fluent;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>What never happens, over random sequences of events. A failure prints its seed and the shortest sequence found.</summary>
public sealed class When_anything_may_happen
{
    private const int SequencesTried = 300;
    private const int StepsUntilRest = 200;

    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithMaxTest(SequencesTried);

    [Fact]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S11")]
    public void Two_incarnations_never_may_run_it_epochs_never_fall_and_commands_are_answered_once() =>
        Check.One(Quiet, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            Model model = new();
            foreach (byte step in bytes)
            {
                model.Take(step);
            }

            model.ComeToRest();
        }));

    [Fact]
    public void The_chosen_node_is_always_one_of_the_best_and_a_frozen_service_is_left_alone() =>
        Check.One(Quiet, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            Cluster cluster = RandomCluster(bytes);
            foreach (ServicePlan plan in cluster.Plan(new PlacementEvent.QuorumFormed()).Services)
            {
                ServiceRecord record = cluster.Records[plan.Service];
                Assert.True(!record.IsFrozen || plan.Action == PlacementAction.LeaveAlone);
                if (plan.Node is { } node && !record.IsFrozen)
                {
                    Assert.Equal(plan.Scores.Max(score => score.Score), plan.Scores.Single(score => score.Node == node).Score);
                }
            }
        }));

    private static Cluster RandomCluster(byte[] bytes)
    {
        Cluster cluster = new Cluster("a", "b", "c", "d")
            .Domain("d0", "a(1) b(2) c", ordered: true).Domain("d1", "b c", restricted: true)
            .Domain("d2", "a(2) b(1)", ordered: true, nofailback: true).Domain("d3", "d", nofailback: true);
        for (int index = 0; index < bytes.Length; index++)
        {
            int value = bytes[index];
            string name = $"s{index}";
            cluster.Service(name, $"d{value % 5}");
            if (value > 100)
            {
                cluster.Running(name, "abcd"[value % 4].ToString()).With(name, record => record with { IsFrozen = value > 220 });
            }
        }

        return bytes.Length > 0 ? cluster.Node("abcd"[bytes[0] % 4].ToString(), NodeState.Fenced) : cluster;
    }

    /// <summary>One service, three nodes, and what their executors truly do; the lifecycle knows only what it is told.</summary>
    private sealed class Model
    {
        private readonly Cluster _cluster = new Cluster("a", "b", "c").Domain("d", "a(1) b(2)", ordered: true)
            .Service("s", "d", recovery: RecoveryPolicy.Restart, maxRestarts: 1);

        private readonly Dictionary<NodeName, int> _lives = new() { [new("a")] = 1, [new("b")] = 1, [new("c")] = 1 };
        private readonly HashSet<(NodeName, Incarnation)> _mayRun = [];
        private readonly Dictionary<string, int> _answers = [];
        private readonly List<OperateService> _sent = [];
        private long _epoch;

        public void Take(byte step)
        {
            string node = "abc"[step / 16 % 3].ToString();
            OperationOutcome outcome = (OperationOutcome)(step / 16 % 3);
            switch (step % 16)
            {
                case <= 4:
                    string request = $"r{_answers.Count}";
                    _answers[request] = 0;
                    See(_cluster.Command("s", (CommandKind)(step % 16), step > 128 ? node : null, request));
                    break;
                case <= 8:
                    Answer(outcome, step / 48);
                    break;
                case 9:
                    _cluster.Now += TimeSpan.FromSeconds(90);
                    See(_cluster.Decide("s", new ServiceEvent.DeadlineDue()));
                    break;
                case 10 when _cluster["s"].State == ServiceState.Started:
                    See(_cluster.StatusFails("s"));
                    break;
                case 11:
                    _cluster.Node(node, NodeState.Lost, _lives[new(node)]);
                    break;
                case 12:
                    Fence(node);
                    break;
                case 13:
                    Fence(node);
                    _cluster.Node(node, NodeState.Online, ++_lives[new(node)]);
                    Plan(Cluster.Up(node));
                    break;
                case 14:
                    Plan(new PlacementEvent.Sweep());
                    break;
                default:
                    Plan(new PlacementEvent.ServicesNeedPlacement([_cluster["s"].Name]));
                    break;
            }
        }

        /// <summary>Everybody answers, everybody is there: then nothing stays unanswered.</summary>
        public void ComeToRest()
        {
            foreach (string node in (string[])["a", "b", "c"])
            {
                Fence(node);
                _cluster.Node(node, NodeState.Online, ++_lives[new(node)]);
            }

            for (int step = 0; step < StepsUntilRest && _answers.ContainsValue(0); step++)
            {
                Answer(OperationOutcome.Succeeded, 0);
                Plan(new PlacementEvent.ServicesNeedPlacement([_cluster["s"].Name]));
            }

            Assert.All(_answers.Values, count => Assert.Equal(1, count));
        }

        private void Fence(string node)
        {
            _mayRun.RemoveWhere(runner => runner.Item1.Value == node);
            Incarnation life = Cluster.Life(node, _lives[new(node)]);
            _cluster.Node(node, NodeState.Fenced, _lives[new(node)]);
            See(_cluster.Decide("s", new ServiceEvent.OwnerEnded(new(node), life)));
        }

        /// <summary>The newest order is answered, or an older one once more.</summary>
        private void Answer(OperationOutcome outcome, int late)
        {
            if (_sent.Count <= late)
            {
                return;
            }

            OperateService order = _sent[^(late + 1)];
            // Every transmission of the newest epoch is the same operation; an answer to an older one is only late.
            bool isNewest = order.Epoch == _sent[^1].Epoch;
            // Some claim success without proof: those still may run it.
            bool? isRunning = order.Action == NodeAction.Stop ? (order.Epoch % 5 == 4 ? null : false) : null;
            if (isNewest && order.Action == NodeAction.Stop && outcome == OperationOutcome.Succeeded && isRunning == false)
            {
                _mayRun.Remove((order.Node, order.Incarnation));
            }

            See(_cluster.Decide("s", new ServiceEvent.OperationEnded(new OperationEnded
            {
                Service = order.Service,
                Epoch = order.Epoch,
                Attempt = order.Attempt,
                Action = order.Action,
                Node = order.Node,
                Incarnation = order.Incarnation,
                Outcome = outcome,
                IsRunning = isRunning,
            })));
        }

        private void Plan(PlacementEvent cause)
        {
            foreach (ServicePlan plan in _cluster.Plan(cause).Services)
            {
                See(_cluster.Keep("s", Lifecycle.Apply(_cluster.Situation("s"), plan)));
            }
        }

        private void See(Decision decision)
        {
            Assert.True(decision.Next.Epoch >= _epoch, "an epoch went back");
            _epoch = decision.Next.Epoch;
            foreach (Effect.Answer answer in decision.Effects.OfType<Effect.Answer>())
            {
                _answers[answer.RequestId]++;
                Assert.Equal(1, _answers[answer.RequestId]);
            }

            foreach (Effect.Operate operate in decision.Effects.OfType<Effect.Operate>())
            {
                OperateService order = operate.Command;
                _sent.Add(order);
                if (order.Action == NodeAction.Start)
                {
                    Assert.DoesNotContain(_mayRun, runner => runner != (order.Node, order.Incarnation));
                    _mayRun.Add((order.Node, order.Incarnation));
                }
            }
        }
    }
}
