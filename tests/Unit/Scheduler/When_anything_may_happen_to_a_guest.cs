using FsCheck;
using FsCheck.Fluent;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>
/// A service that migrates, among nodes that die, answers that are lost and agents that fail: it never runs twice, never where the node's guard does
/// not know of it, and every command is answered. A failure prints its seed and the shortest sequence found.
/// </summary>
public sealed class When_anything_may_happen_to_a_guest
{
    private const int SequencesTried = 2_000;
    private const int StepsTaken = 120;
    private const int StepsUntilRest = 400;
    private const string Vm = "vm:g";

    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithMaxTest(SequencesTried);

    /// <summary>Long enough for several migrations.</summary>
    private static Arbitrary<byte[]> Steps => Arb.From(ArbMap.Default.GeneratorFor<byte>().ArrayOf(StepsTaken), ArbMap.Default.ArbFor<byte[]>().Shrinker);

    [Fact]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S9")]
    public void It_never_runs_twice_and_never_unknown_to_a_guard() =>
        Check.One(Quiet, Prop.ForAll(Steps, bytes =>
        {
            Model model = new();
            foreach (byte step in bytes)
            {
                model.Take(step);
            }

            model.ComeToRest();
        }));

    /// <summary>A node's executor and guard, and what truly runs there.</summary>
    private sealed class Machine(string name)
    {
        public string Name => name;

        public int Life { get; set; } = 1;

        public long Epoch { get; set; }

        public OperationEnded? Answer { get; set; }

        public bool IsJournalled { get; set; }

        public bool Runs { get; set; }

        public bool IsDead { get; set; }
    }

    private sealed class Model
    {
        private readonly Cluster _cluster = new Cluster("a", "b", "c").Service(Vm).Migratory(Vm).Running(Vm, "a");
        private readonly Machine[] _machines = [new("a") { Epoch = 5, IsJournalled = true, Runs = true }, new("b"), new("c")];
        private readonly Dictionary<string, int> _answers = [];
        private readonly List<OperateService> _sent = [];

        public void Take(byte step)
        {
            int number = step / 16;
            Machine machine = _machines[number % 3];
            switch (step % 16)
            {
                case 0 or 1 or 2:
                    string request = $"r{_answers.Count}";
                    _answers[request] = 0;
                    CommandKind kind = number switch { < 9 => CommandKind.Migrate, < 11 => CommandKind.Enable, < 13 => CommandKind.Disable, 13 => CommandKind.Stop, _ => CommandKind.Relocate };
                    See(_cluster.Command(Vm, kind, kind is CommandKind.Migrate or CommandKind.Relocate ? machine.Name : null, request));
                    break;
                case <= 8:
                    Deliver(number, late: 0);
                    Plan(new PlacementEvent.ServicesNeedPlacement([new(Vm)]));
                    break;
                case 9:
                    Deliver(number, late: number / 4);
                    break;
                case 10:
                    _cluster.Now += TimeSpan.FromMinutes(11);
                    See(_cluster.Decide(Vm, new ServiceEvent.DeadlineDue()));
                    break;
                case 11:
                    Tell(machine);
                    break;
                case 12 when !machine.IsDead:
                    _cluster.Node(machine.Name, NodeState.Lost, machine.Life);
                    machine.IsDead = true;
                    break;
                case 13:
                    Revive(machine);
                    break;
                default:
                    Plan(step % 2 == 0 ? new PlacementEvent.Sweep() : new PlacementEvent.ServicesNeedPlacement([new(Vm)]));
                    break;
            }
        }

        public void ComeToRest()
        {
            Array.ForEach(_machines, Revive);
            for (int step = 0; step < StepsUntilRest && (_answers.ContainsValue(0) || _cluster[Vm].Journey is not null); step++)
            {
                Deliver(0, late: 0);
                Plan(new PlacementEvent.Sweep());
                _cluster.Now += TimeSpan.FromMinutes(11);
                See(_cluster.Decide(Vm, new ServiceEvent.DeadlineDue()));
                Array.ForEach(_machines, Tell);
            }

            Assert.All(_answers.Values, count => Assert.Equal(1, count));
            Assert.Null(_cluster[Vm].Journey);
        }

        /// <summary>Fenced if it was lost or alive, and back as another life.</summary>
        private void Revive(Machine machine)
        {
            Assert.True(!machine.Runs || machine.IsJournalled, "it ran where no guard would have stopped it");
            Incarnation life = Cluster.Life(machine.Name, machine.Life);
            _cluster.Node(machine.Name, NodeState.Fenced, machine.Life);
            (machine.Runs, machine.IsJournalled, machine.Epoch, machine.Answer) = (false, false, 0, null);
            See(_cluster.Decide(Vm, new ServiceEvent.OwnerEnded(new(machine.Name), life)));
            machine.IsDead = false;
            _cluster.Node(machine.Name, NodeState.Online, ++machine.Life);
            Plan(Cluster.Up(machine.Name));
        }

        private void Tell(Machine machine)
        {
            if (!machine.IsDead)
            {
                See(_cluster.Decide(Vm, new ServiceEvent.InventoryReported(new(machine.Name), Cluster.Life(machine.Name, machine.Life), machine.Epoch == 0 ? null : new InventoryEntry
                {
                    Service = new(Vm),
                    Epoch = machine.Epoch,
                    IsRunning = machine.IsJournalled,
                    IsBusy = false,
                })));
            }
        }

        /// <summary>An order arrives, the newest or an earlier one; the answer to it may be lost.</summary>
        private void Deliver(int number, int late)
        {
            if (_sent.Count <= late)
            {
                return;
            }

            OperateService order = _sent[^(late + 1)];
            Machine machine = _machines.Single(machine => machine.Name == order.Node.Value);
            if (machine.IsDead || order.Incarnation != Cluster.Life(machine.Name, machine.Life))
            {
                return;
            }

            if (order.Epoch > machine.Epoch)
            {
                machine.Epoch = order.Epoch;
                machine.Answer = Run(machine, order, number % 6);
                Assert.True(_machines.Count(known => known.Runs) <= 1, "it runs twice");
            }

            bool isLost = number % 6 == 5;
            if (order.Epoch == machine.Epoch && !isLost)
            {
                See(_cluster.Decide(Vm, new ServiceEvent.OperationEnded(machine.Answer!)));
            }
        }

        private OperationEnded Run(Machine machine, OperateService order, int chance)
        {
            switch (order.Action)
            {
                case NodeAction.Start:
                    machine.IsJournalled = true;
                    machine.Runs = machine.Runs || chance != 4;
                    return Answer(order, chance is 3 or 4 ? OperationOutcome.Failed : OperationOutcome.Succeeded, machine.Runs);
                case NodeAction.Receive:
                    machine.IsJournalled = machine.IsJournalled || chance != 4;
                    return Answer(order, chance == 4 ? OperationOutcome.Refused : OperationOutcome.Succeeded, null);
                case NodeAction.Migrate:
                    return Migrate(machine, order, chance);
                case NodeAction.Stop when chance != 4:
                    (machine.Runs, machine.IsJournalled) = (false, false);
                    return Answer(order, OperationOutcome.Succeeded, false);
                case NodeAction.Stop:
                    return Answer(order, OperationOutcome.Failed, null);
                default:
                    return Answer(order, OperationOutcome.Succeeded, machine.IsJournalled);
            }
        }

        private OperationEnded Migrate(Machine machine, OperateService order, int chance)
        {
            Machine target = _machines.Single(known => known.Name == order.Peer!.Value.Value);
            if (!machine.IsJournalled)
            {
                return Answer(order, OperationOutcome.Refused, null);
            }

            bool arrives = chance is 0 or 1 or 2 && machine.Runs && !target.IsDead && target.IsJournalled;
            if (arrives)
            {
                (machine.Runs, target.Runs) = (false, true);
            }

            // What was sent to a node that dies is gone; what failed half way may be on either side.
            machine.Runs = machine.Runs && chance != 1;
            if (!machine.Runs && chance is 0 or 1)
            {
                machine.IsJournalled = false;
                return Answer(order, OperationOutcome.Succeeded, false);
            }

            return Answer(order, OperationOutcome.Failed, machine.Runs, chance == 3 ? 150 : 1);
        }

        private static OperationEnded Answer(OperateService order, OperationOutcome outcome, bool? isRunning, int? exitCode = null) => new()
        {
            Service = order.Service,
            Epoch = order.Epoch,
            Attempt = order.Attempt,
            Action = order.Action,
            Node = order.Node,
            Incarnation = order.Incarnation,
            Outcome = outcome,
            IsRunning = isRunning,
            ExitCode = exitCode,
        };

        private void Plan(PlacementEvent cause)
        {
            foreach (ServicePlan plan in _cluster.Plan(cause).Services)
            {
                See(_cluster.Keep(Vm, Lifecycle.Apply(_cluster.Situation(Vm), plan)));
            }
        }

        private void See(Decision decision)
        {
            foreach (Effect.Answer answer in decision.Effects.OfType<Effect.Answer>())
            {
                _answers[answer.RequestId]++;
                Assert.Equal(1, _answers[answer.RequestId]);
            }

            _sent.AddRange(decision.Effects.OfType<Effect.Operate>().Select(operate => operate.Command));
        }
    }
}
