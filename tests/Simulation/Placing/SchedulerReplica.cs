using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>One replica of the scheduler: it takes messages, looks for deadlines, evaluates, and sends the outbox.</summary>
internal sealed class SchedulerReplica
{
    private const int DeadlinePause = 500;
    private const int SweepPause = 10_000;

    /// <summary>Attempts after which the broken rule gives up on an owner.</summary>
    private const int AttemptsOfBrokenRule = 2;

    private static readonly TimeSpan SendAgainAfter = TimeSpan.FromSeconds(30);

    private readonly SimulatedCluster _cluster;
    private readonly World _world;
    private readonly Decisions _decisions;
    private readonly Evaluator _evaluator;

    public SchedulerReplica(SimulatedCluster cluster, Host host)
    {
        (_cluster, _world) = (cluster, cluster.World);
        Configuration = cluster.Configuration;
        Life = new Life(host == Host.S1 ? "scheduler 1" : "scheduler 2", host);
        Looks = new ArbiterLooks(cluster, this);
        _evaluator = new Evaluator(cluster, this);
        _decisions = new Decisions(cluster, this);
    }

    public Life Life { get; }

    /// <summary>As it was when this process started.</summary>
    public ClusterConfiguration Configuration { get; }

    public DateTimeOffset Wall => _cluster.WallOf(Life.Host);

    public Decisions Decisions => _decisions;

    public ArbiterLooks Looks { get; }

    public void Start()
    {
        _world.Tell($"{Life}: starts, with version {Configuration.Version} of the configuration");
        _cluster.Bus.Consume("scheduler", Life, TakeAsync);
        _cluster.Bus.Consume(SimulatedCluster.SeenQueueOf(Life.Host), Life, HearAsync);
        _world.Begin(Life, _evaluator.RunAsync);
        _world.Begin(Life, () => RepeatAsync(DeadlinePause, LookForDeadlinesAsync));
        _world.Begin(Life, () => RepeatAsync(SweepPause, SweepCommandsAsync));
        _world.Begin(Life, () => _cluster.SendOutboxAsync(Life));
    }

    /// <summary>These services wait for the planner's word.</summary>
    public void NeedPlacement(IEnumerable<ServiceName> services) => _evaluator.NeedPlacement(services);

    public void MembershipChanged() => _evaluator.MembershipChanged();

    /// <summary>Takes a command over HTTP: row and message commit together.</summary>
    public async Task AcceptAsync(ServiceCommand command)
    {
        using Transaction work = _cluster.Store.Begin(Life);
        CommandIndex index = await work.LockAsync<CommandIndex>(CommandIndex.Key) ?? new CommandIndex([]);
        work.Write(CommandIndex.Key, new CommandIndex(index.RequestIds.Add(command.RequestId)));
        work.Write(CommandRow.KeyOf(command.RequestId), new CommandRow(command.RequestId, command.Service, command.Kind, command.Node, Wall));
        work.Send("scheduler", command);
        await work.CommitAsync();
        _world.Tell($"{Life}: accepts {command.Kind} {command.Service} {command.Node} as {command.RequestId}");
    }

    private async Task RepeatAsync(int pause, Func<Task> work)
    {
        while (true)
        {
            await _world.Delay(pause + _world.Chance.Below(5), Life);
            try
            {
                await work();
            }
            catch (StoreGoneException)
            {
                // Next time: the rows still say what is due.
            }
        }
    }

    private Task HearAsync(Envelope envelope)
    {
        Looks.Hear((ArbiterSeen)envelope.Message);
        return Task.CompletedTask;
    }

    private async Task TakeAsync(Envelope envelope)
    {
        using Transaction work = _cluster.Store.Begin(Life);
        if (envelope.IsSeen && !_world.Breaks(Mutation.InboxForgotten))
        {
            return;
        }

        switch (envelope.Message)
        {
            case ServiceCommand command:
                await TakeCommandAsync(work, command);
                break;
            case OperationEnded report:
                await DecideAsync(work, report.Service, new ServiceEvent.OperationEnded(report));
                break;
            case ServiceStatusFailed report:
                await DecideAsync(work, report.Service, new ServiceEvent.StatusFailed(report));
                break;
            case MembershipChanged membership:
                await TakeMembershipAsync(work, membership);
                break;
            case NodeInventory inventory:
                await TakeInventoryAsync(work, inventory);
                break;
        }

        work.OnCommitted(() => envelope.IsSeen = true);
        await work.CommitAsync();
    }

    private async Task TakeCommandAsync(Transaction work, ServiceCommand command)
    {
        ServiceRow? row = await work.LockAsync<ServiceRow>(ServiceRow.KeyOf(command.Service));
        CommandRow? known = await work.LockAsync<CommandRow>(CommandRow.KeyOf(command.RequestId));
        bool isSeen = known is null or { Answers: > 0 } or { IsTaken: true };
        if (row is null || known is null || (isSeen && !_world.Breaks(Mutation.CommandTakenAgain)))
        {
            return;
        }

        work.Write(CommandRow.KeyOf(command.RequestId), known with { IsTaken = true });
        await _decisions.DecideAsync(work, row, new ServiceEvent.CommandReceived(command.Kind, command.RequestId, command.Node));
    }

    private async Task DecideAsync(Transaction work, ServiceName service, ServiceEvent cause)
    {
        if (await work.LockAsync<ServiceRow>(ServiceRow.KeyOf(service)) is { } row)
        {
            await _decisions.DecideAsync(work, row, cause);
        }
    }

    private async Task TakeMembershipAsync(Transaction work, MembershipChanged membership)
    {
        MembershipChanged? known = await work.LockAsync<MembershipChanged>(Decisions.NewestMembership);
        if (known is null || known.Generation < membership.Generation)
        {
            work.Write(Decisions.NewestMembership, membership);
            work.OnCommitted(MembershipChanged);
        }
    }

    private async Task TakeInventoryAsync(Transaction work, NodeInventory inventory)
    {
        Dictionary<ServiceName, InventoryEntry> entries = inventory.Services.ToDictionary(entry => entry.Service);
        IReadOnlyList<ServiceRow?> rows = await work.ReadAllAsync<ServiceRow>(_cluster.Services.Select(ServiceRow.KeyOf));
        foreach (ServiceName service in rows.OfType<ServiceRow>().Where(row => Disagrees(row.Record)).Select(row => row.Record.Name).Order())
        {
            await DecideAsync(
                work, service, new ServiceEvent.InventoryReported(inventory.Node, inventory.Incarnation, entries.GetValueOrDefault(service), inventory.Sequence));
        }

        bool Disagrees(ServiceRecord record)
        {
            bool runs = entries.GetValueOrDefault(record.Name) is { IsRunning: true };
            bool isHeld = record.Hold is { } hold && hold.Node == inventory.Node && hold.Incarnation == inventory.Incarnation;
            bool isExpected = record is { State: ServiceState.Started, Pending: null } && record.OwnerIncarnation == inventory.Incarnation;
            bool isHere = record.Owner == inventory.Node || record.Hold?.Node == inventory.Node;
            return isHere ? (isExpected || isHeld) && !runs : runs;
        }
    }

    private async Task LookForDeadlinesAsync()
    {
        using Transaction look = _cluster.Store.Begin(Life);
        IReadOnlyList<ServiceRow?> rows = await look.ReadAllAsync<ServiceRow>(_cluster.Services.Select(ServiceRow.KeyOf));
        foreach (ServiceName service in rows.OfType<ServiceRow>().Where(row => row.Record.Pending?.Deadline <= Wall).Select(row => row.Record.Name))
        {
            using Transaction work = _cluster.Store.Begin(Life);
            if (!await work.TryLockAsync(ServiceRow.KeyOf(service)) || work.Seen<ServiceRow>(ServiceRow.KeyOf(service)) is not { } row)
            {
                continue;
            }

            bool isGivenUp = _world.Breaks(Mutation.OwnerReplacedOnDeadline) && row.Record.Pending is { Attempt: >= AttemptsOfBrokenRule } pending
                && pending.Deadline <= Wall;
            if (isGivenUp)
            {
                _decisions.ReplaceOwner(work, row);
            }
            else
            {
                await _decisions.DecideAsync(work, row, new ServiceEvent.DeadlineDue());
            }

            await work.CommitAsync();
        }
    }

    private async Task SweepCommandsAsync()
    {
        using Transaction work = _cluster.Store.Begin(Life);
        CommandIndex index = await work.ReadAsync<CommandIndex>(CommandIndex.Key) ?? new CommandIndex([]);
        foreach (CommandRow row in (await work.ReadAllAsync<CommandRow>(index.RequestIds.Select(CommandRow.KeyOf))).OfType<CommandRow>())
        {
            if (row is { IsTaken: false, Answers: 0 } && Wall - row.RequestedAt > SendAgainAfter)
            {
                work.Send("scheduler", new ServiceCommand(row.RequestId, row.Service, row.Kind, row.Node));
            }
        }

        await work.CommitAsync();
    }
}
