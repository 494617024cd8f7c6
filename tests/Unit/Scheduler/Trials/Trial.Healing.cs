using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <remarks>
/// Everything heals, and no node that lives gets a new life for it: what was lost is said again, agents do what they are asked, sweeps run, and
/// the operator wants all of it started.
/// </remarks>
internal sealed partial class Trial
{
    private const int Rounds = 60;
    private const int QuietRounds = 20;
    private const int OrdersOfRefused = 10;
    private const int SecondsEach = 30;
    private const int OperatorLooksEach = 10;
    private const int EvaluationsMax = 50;
    private const int MessagesMax = 1_000;

    /// <summary>Lets it heal, and judges.</summary>
    public void Heal(Agents agents)
    {
        Tell($"all heals; agents: {agents}");
        (_cluster.IsLocked, _cluster.IsMaintenance) = (false, false);
        _cluster.Drained.Clear();
        _cluster.Generation++;
        foreach (Machine machine in _machines)
        {
            Fence(machine);
            Return(machine);
        }

        int ordered = 0;
        for (int round = 0; round < Rounds && Violation is null; round++)
        {
            ordered = round == Rounds - QuietRounds ? _orders : ordered;
            PlayRound(agents);
            if (round % OperatorLooksEach == 0 && round < Rounds - QuietRounds)
            {
                WantAllStarted();
            }
        }

        Judge(agents, _orders - ordered);
    }

    private void PlayRound(Agents agents)
    {
        DeliverAll(agents);
        Wait(SecondsEach);
        foreach (Machine machine in _machines)
        {
            _messages.AddRange(machine.Failures());
            Speak(machine);
        }

        DeliverAll(agents);
        Evaluate(isSweep: true);
        for (int times = 0; _wanted.Count > 0 || _isSweepWanted; times++)
        {
            if (times == EvaluationsMax)
            {
                Violate($"{string.Join(" and ", _wanted)} ask for the planner without end");
                return;
            }

            Evaluate(isSweep: false);
        }
    }

    private void DeliverAll(Agents agents)
    {
        for (int count = 0; Violation is null; count++)
        {
            foreach (Machine machine in _machines)
            {
                foreach (ServiceName service in machine.Services.Where(pair => pair.Local.Line.Count > 0).Select(pair => pair.Service).ToList())
                {
                    Work(machine, service, ChanceOf(agents, machine.Of(service)!.Line.Peek().Action)); // there: it is of the list
                }
            }

            if (_messages.Count == 0)
            {
                return;
            }

            if (count == MessagesMax)
            {
                Violate("messages without end");
                return;
            }

            object message = _messages[0];
            _messages.RemoveAt(0);
            Deliver(message);
            Look();
        }
    }

    private static int ChanceOf(Agents agents, NodeAction action) => (agents, action) switch
    {
        (Agents.RefuseMigrations, NodeAction.Migrate) => 3,
        (Agents.RefuseChanges, NodeAction.Condstart or NodeAction.Condstop) => 1,
        (Agents.ProveNothing, NodeAction.Probe) => 1,
        _ => 0,
    };

    private void WantAllStarted()
    {
        foreach (ServiceRecord frozen in Records.Where(record => record.IsFrozen).ToList())
        {
            Ask(frozen.Name, CommandKind.Unfreeze, null);
        }

        foreach (ServiceRecord record in Records.ToList())
        {
            bool isConfigured = _cluster.Configuration.FindService(record.Name) is not null;
            switch (record)
            {
                case { State: ServiceState.Failed }:
                    Ask(record.Name, CommandKind.Disable, null);
                    break;
                case { State: ServiceState.Disabled or ServiceState.Stopped, Journey: null }
                    when isConfigured && (record.State == ServiceState.Disabled || record.AwaitsTransition || record.AwaitsOperator):
                    Ask(record.Name, CommandKind.Enable, null);
                    break;
            }
        }
    }

    private void Judge(Agents agents, int orders)
    {
        if (Violation is not null)
        {
            return;
        }

        if (_answers.FirstOrDefault(answer => answer.Value == 0).Key is { } request)
        {
            Violate($"{request} has no answer");
        }

        foreach (ServiceRecord record in Records)
        {
            bool isWanted = _cluster.Configuration.FindService(record.Name) is not null;
            bool runs = record is { State: ServiceState.Started, Owner: { } owner } && MachineOf(owner).Runs(record.Name);
            bool rests = runs && (record.Pending is null || agents != Agents.Succeed);
            if (isWanted && !rests && WhyNot(record) is { } why)
            {
                Violate($"{record.Name} is {record.State} on {record.Owner}, held on {record.Hold?.Node}, journey {record.Journey?.Intent}, pending {record.Pending?.Action}: {record.Reason}; the planner: {why}");
            }
            else if (!isWanted && record.Owner is not null)
            {
                Violate($"{record.Name} is not configured and still {record.State} on {record.Owner}");
            }
        }

        if (orders > (agents == Agents.Succeed ? 0 : OrdersOfRefused))
        {
            Violate($"{orders} orders in {QuietRounds} rounds of rest");
        }
    }

    /// <summary>Why it ought to run; null where the rules rightly keep it from that.</summary>
    private string? WhyNot(ServiceRecord record)
    {
        ServicePlan plan = _cluster.PlanOf(record.Name.Value, new PlacementEvent.ServicesNeedPlacement([record.Name]));
        return _setting.MayStay(plan.Reason) && record is { Pending: null, Journey: null } ? null : $"{plan.Action} {plan.Node}: {plan.Reason}";
    }
}
