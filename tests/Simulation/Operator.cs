using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Quorum.Core;
using Quorate.Scheduler.Core;
using Quorate.Tests.Simulation.Arbiter;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Simulation.Nodes;
using Quorate.Tests.Simulation.Placing;

namespace Quorate.Tests.Simulation;

/// <summary>A person: gives commands, and says of a machine that is off that it runs nothing, having looked.</summary>
internal sealed class Operator(SimulatedCluster cluster)
{
    private readonly World _world = cluster.World;
    private readonly Life _life = new("operator", Host.Operator);
    private const long StaysOffFor = 60_000;
    private int _requests;
    private bool _isAccepting;

    /// <summary>Some command about some service.</summary>
    public void Command()
    {
        CommandKind kind = _world.Chance.OneOf([CommandKind.Enable, CommandKind.Disable, CommandKind.Stop, CommandKind.Restart, CommandKind.Relocate, CommandKind.Relocate]);
        NodeName? node = kind is CommandKind.Enable or CommandKind.Relocate && _world.Chance.PerThousand(600)
            ? _world.Chance.OneOf(cluster.Machines).Name
            : null;
        Send(_world.Chance.OneOf([.. cluster.Services]), kind, node);
    }

    /// <summary>Acknowledges a lost node that runs nothing in that life. The word takes its time, and may come late and twice.</summary>
    public void Acknowledge()
    {
        foreach (NodeName node in cluster.Configuration.Nodes.Select(node => node.Name))
        {
            if (cluster.Store.Peek<NodeLeases>(NodeLeases.KeyOf(node))?.Current is not { State: LeaseState.Lost } row
                || cluster.AllMachines.Any(machine => machine.Name == node && machine.MayLive(row.Incarnation)))
            {
                continue;
            }

            _world.Tell($"operator: {row.Incarnation} is gone, I looked");
            AcknowledgeFence word = new() { RequestId = $"ack{++_requests}", Node = node, Incarnation = row.Incarnation };
            cluster.Bus.Publish(Host.Operator, new Envelope("quorum", word));
            // Who hears nothing says it again.
            for (int again = _world.Chance.Below(6); again > 0; again--)
            {
                _world.After(_world.Chance.Between(500, 12_000), null, () => cluster.Bus.Publish(Host.Operator, new Envelope("quorum", word)));
            }
        }
    }

    /// <summary>
    /// Powers on by hand what stays off for long: a database that went back has forgotten which devices wait to be switched on.
    /// </summary>
    public void SwitchOn()
    {
        foreach (Machine machine in cluster.Machines.Where(machine => !machine.IsOn && _world.Now - machine.OffSince > StaysOffFor))
        {
            machine.SwitchOn();
        }
    }

    /// <summary>Has a node cut off that seems to do no good; with or without a look at which life it is in.</summary>
    public void Fence()
    {
        NodeName node = _world.Chance.OneOf(cluster.Machines).Name;
        Incarnation? meant = _world.Chance.PerThousand(500) ? cluster.Store.Peek<NodeLeases>(NodeLeases.KeyOf(node))?.Current?.Incarnation : null;
        _world.Tell($"operator: fence {node} {meant}");
        cluster.Bus.Publish(Host.Operator, new Envelope("quorum", new FenceNode { RequestId = $"fence{++_requests}", Node = node, Incarnation = meant, Reason = "an operator asked for it" }));
    }

    /// <summary>
    /// Accepts a database that went back, once nothing runs anywhere and nobody holds a lease (rule S14): as the service does it, a new
    /// era, in which every living incarnation must come anew.
    /// </summary>
    public void AcceptArbiter()
    {
        bool isWanted = cluster.Store.Peek<ArbiterRow>(ArbiterRow.Key) is { State.IsTrusted: false };
        if (!isWanted || _isAccepting || cluster.AllMachines.Any(machine => machine.Running.Count > 0 || machine.LeasedIncarnation is not null))
        {
            return;
        }

        _isAccepting = true;
        _world.Begin(_life, AcceptArbiterAsync);
    }

    private async Task AcceptArbiterAsync()
    {
        try
        {
            using Transaction work = cluster.Store.Begin(_life);
            if (await work.LockAsync<ArbiterRow>(ArbiterRow.Key) is { State: { IsTrusted: false } state } row)
            {
                work.Write(ArbiterRow.Key, row with { State = state with { IsTrusted = true, IsQuorate = false, Era = state.Era + 1 } });
                foreach (string key in cluster.Configuration.Nodes.Select(node => NodeLeases.KeyOf(node.Name)))
                {
                    NodeLeases leases = await work.LockAsync<NodeLeases>(key) ?? NodeLeases.None;
                    work.Write(key, new NodeLeases([.. leases.Rows.Select(lease => lease is { State: LeaseState.Live, GrantedIn: 0 } ? lease with { GrantedIn = 1 } : lease)]));
                }

                await work.CommitAsync();
                _world.Tell($"operator: nothing runs, and the database is accepted: era {state.Era + 1}");
            }
        }
        catch (StoreGoneException)
        {
            // Again, later.
        }
        finally
        {
            _isAccepting = false;
        }
    }

    /// <summary>Wants every service to run: takes failed ones out of their state and enables what is off.</summary>
    public void WantAllStarted()
    {
        foreach (ServiceName service in cluster.Services)
        {
            bool isAsked = cluster.Judge.Commands().Any(command => command.Service == service && command.Answers == 0);
            if (isAsked || cluster.Store.Peek<ServiceRow>(ServiceRow.KeyOf(service)) is not { Record: var record })
            {
                continue;
            }

            if (record.State == ServiceState.Failed)
            {
                Send(service, CommandKind.Disable, null);
            }
            else if (record is { State: ServiceState.Disabled, Journey: null } or { AwaitsTransition: true })
            {
                Send(service, CommandKind.Enable, null);
            }
        }
    }

    private void Send(ServiceName service, CommandKind kind, NodeName? node)
    {
        List<SchedulerReplica> ready = [.. cluster.Schedulers.Where(replica => !replica.Life.IsDead && !replica.Life.IsPaused)];
        if (ready.Count == 0)
        {
            return;
        }

        SchedulerReplica replica = _world.Chance.OneOf(ready);
        ServiceCommand command = new($"r{++_requests}", service, kind, node);
        _world.Begin(replica.Life, async () =>
        {
            try
            {
                await replica.AcceptAsync(command);
            }
            catch (StoreGoneException)
            {
                // Not accepted, as far as the operator knows.
            }
        });
    }
}
