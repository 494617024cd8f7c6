using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <remarks>What goes wrong, and what operators do meanwhile.</remarks>
internal sealed partial class Trial
{
    private const int WaysToGo = 12;

    private static readonly int[] Pauses = [1, 3, 12, 12, 70, 700];

    private static readonly CommandKind[] Commands =
    [
        CommandKind.Enable, CommandKind.Disable, CommandKind.Stop, CommandKind.StopHold, CommandKind.Restart, CommandKind.Relocate, CommandKind.Relocate,
        CommandKind.Migrate, CommandKind.Migrate, CommandKind.Migrate, CommandKind.Freeze, CommandKind.Unfreeze, CommandKind.Convalesce, CommandKind.ConfirmStopped,
    ];

    /// <summary>Something happens.</summary>
    public void Take(TrialStep step)
    {
        switch (step.Kind % 40)
        {
            case <= 11: DeliverSome(step); break;
            case <= 20: WorkSome(step); break;
            case <= 24: Evaluate(isSweep: step.A % 3 == 0); break;
            case <= 26: Wait(Pauses[step.A % Pauses.Length]); break;
            case <= 29: Command(step); break;
            case 30: Break(step); break;
            case <= 32: Speak(_machines[step.A % _machines.Length]); break;
            case 33: Lose(_machines[step.A % _machines.Length]); break;
            case 34: Fence(_machines[step.A % _machines.Length]); break;
            case 35: Return(_machines[step.A % _machines.Length]); break;
            case 36: Restrain(step); break;
            case 37: Configure(step.A); break;
            default: Evaluate(isSweep: true); break;
        }

        Look();
    }

    /// <summary>A message arrives; now and then it does so twice, or not at all. Mostly the oldest comes first.</summary>
    private void DeliverSome(TrialStep step)
    {
        if (_messages.Count == 0)
        {
            return;
        }

        int index = step.C % 2 == 0 ? 0 : step.A % _messages.Count;
        object message = _messages[index];
        if (step.B % WaysToGo != 1)
        {
            _messages.RemoveAt(index);
        }

        if (step.B % WaysToGo != 2)
        {
            Deliver(message);
        }
    }

    private void WorkSome(TrialStep step)
    {
        List<(Machine Machine, ServiceName Service)> busy =
            [.. _machines.Where(machine => !machine.HasEnded).SelectMany(machine => machine.Services.Where(pair => pair.Local.Line.Count > 0).Select(pair => (machine, pair.Service)))];
        if (busy.Count > 0)
        {
            (Machine machine, ServiceName service) = busy[step.A % busy.Count];
            Work(machine, service, step.B % WaysToGo);
        }
    }

    private void Work(Machine machine, ServiceName service, int chance)
    {
        OperationEnded answer = machine.Work(service, chance);
        Tell($"{machine.Life} ends {answer.Action} of {service}, epoch {answer.Epoch}: {answer.Outcome}, running {answer.IsRunning}, exit code {answer.ExitCode}");
        if (!machine.IsCutOff)
        {
            _messages.Add(answer);
        }
    }

    private void Wait(int seconds)
    {
        _cluster.Now += TimeSpan.FromSeconds(seconds);
        foreach (ServiceRecord record in Records.Where(record => record.Pending?.Deadline <= _cluster.Now).ToList())
        {
            Decide(record.Name, new ServiceEvent.DeadlineDue(), "a deadline is due");
        }
    }

    private void Command(TrialStep step)
    {
        List<ServiceName> services = [.. _cluster.Records.Keys.Order()];
        ServiceName service = services[step.A % services.Count];
        CommandKind kind = Commands[step.B % Commands.Length];
        NodeName? node = kind switch
        {
            CommandKind.Migrate => new NodeName(Names[step.C % Names.Length]),
            CommandKind.Enable or CommandKind.Relocate when step.C % 2 == 0 => new NodeName(Names[step.C / 2 % Names.Length]),
            CommandKind.ConfirmStopped => _cluster.Records[service].Hold?.Node,
            _ => null,
        };
        // Who says so has looked.
        bool isTrue = kind != CommandKind.ConfirmStopped || (node is { } held && !MachineOf(held).Runs(service));
        if (isTrue)
        {
            Ask(service, kind, node);
        }
    }

    private void Ask(ServiceName service, CommandKind kind, NodeName? node)
    {
        string request = $"r{_answers.Count + 1}";
        _answers[request] = 0;
        Decide(service, new ServiceEvent.CommandReceived(kind, request, node), $"{request}: {kind} {node}");
    }

    /// <summary>Something that runs crashes, or goes on without a part of it.</summary>
    private void Break(TrialStep step)
    {
        List<(Machine Machine, ServiceName Service, Local Local)> running =
            [.. _machines.SelectMany(machine => machine.Services.Where(pair => pair.Local.Runs).Select(pair => (machine, pair.Service, pair.Local)))];
        if (running.Count == 0)
        {
            return;
        }

        (Machine machine, ServiceName service, Local local) = running[step.A % running.Count];
        bool isPart = step.B % 3 == 0;
        Tell($"{service} {(isPart ? "loses a part" : "crashes")} on {machine.Life}");
        (local.IsPartial, local.Runs) = (isPart || local.IsPartial, isPart);
        if (!machine.IsCutOff)
        {
            _messages.AddRange(machine.Failures());
        }
    }

    private void Speak(Machine machine)
    {
        if (!machine.IsCutOff)
        {
            _messages.Add(machine.Inventory());
        }
    }

    private void Lose(Machine machine)
    {
        if (!machine.IsCutOff)
        {
            machine.IsCutOff = true;
            _cluster.Node(machine.Name, NodeState.Lost, machine.Number);
            Tell($"{machine.Life} is lost");
        }
    }

    private void Fence(Machine machine)
    {
        if (machine is { IsCutOff: true, HasEnded: false })
        {
            machine.End();
            _cluster.Node(machine.Name, NodeState.Fenced, machine.Number);
            Tell($"{machine.Life} is fenced");
        }
    }

    private void Return(Machine machine)
    {
        if (machine.HasEnded)
        {
            machine.Return();
            _cluster.Node(machine.Name, NodeState.Online, machine.Number);
            Tell($"{machine.Life} joins");
            _messages.Add(machine.Inventory());
        }
    }

    private void Restrain(TrialStep step)
    {
        string node = Names[step.B % Names.Length];
        switch (step.A % 5)
        {
            case 0: _cluster.IsLocked = !_cluster.IsLocked; break;
            case 1: _cluster.IsMaintenance = !_cluster.IsMaintenance; break;
            case 2 or 3 when _cluster.Drained.Count == 0: _cluster.Drained.Add(node); break;
            default: _cluster.Drained.Clear(); break;
        }

        _cluster.Generation++;
        Tell($"locked {_cluster.IsLocked}, maintenance {_cluster.IsMaintenance}, drained {string.Join(" ", _cluster.Drained)}");
    }
}
