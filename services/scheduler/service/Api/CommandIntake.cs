using System.Data.Common;
using System.Globalization;
using System.Text;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>
/// Takes a command from HTTP: the row and the bus message commit together, so an accepted command is never lost and always
/// answered, whatever dies in between.
/// </summary>
internal sealed class CommandIntake(UnitOfWorkFactory units, IDatabase database, AnswerWaiters waiters, TimeProvider time)
{
    /// <summary>The commands about a node, as the history calls them.</summary>
    public const string AcknowledgeFence = "acknowledge-fence";

    /// <inheritdoc cref="AcknowledgeFence"/>
    public const string Fence = "fence";

    /// <summary>
    /// Commands that may wait to be taken, in the outbox while the broker is away and in the queue; more are refused. Orders about nodes
    /// are counted by themselves: a flood of the others shall not keep an administrator from acknowledging a fence.
    /// </summary>
    public const int WaitingMax = 1_000;

    /// <summary>What the caller of one too many is told.</summary>
    public static readonly string TooManyWait =
        $"{WaitingMax} commands wait to be carried out already, as when the message bus is away or the schedulers are behind; "
        + "nothing was accepted: try again in a while";

    /// <summary>The commands about the whole cluster, as the history calls them.</summary>
    public const string MaintenanceOn = "maintenance-on";

    /// <inheritdoc cref="MaintenanceOn"/>
    public const string MaintenanceOff = "maintenance-off";

    /// <inheritdoc cref="MaintenanceOn"/>
    public const string Lock = "lock";

    /// <inheritdoc cref="MaintenanceOn"/>
    public const string Unlock = "unlock";

    /// <inheritdoc cref="AcknowledgeFence"/>
    public const string Drain = "drain";

    /// <inheritdoc cref="AcknowledgeFence"/>
    public const string Undrain = "undrain";

    /// <inheritdoc cref="OperationRow.Cluster"/>
    public const string Cluster = OperationRow.Cluster;

    /// <summary>How often somebody who waits for an answer looks at the row.</summary>
    private static readonly TimeSpan RereadInterval = TimeSpan.FromSeconds(2);

    /// <summary>The command about the database, as the history calls it; its era stands where others have the incarnation.</summary>
    public const string AcceptArbiter = "accept-arbiter";

    /// <summary>The longest request id, in characters.</summary>
    public const int RequestIdLengthMax = 200;

    /// <summary>True for an id that can be stored and read again: PostgreSQL keeps no NUL, and nobody can read control characters.</summary>
    public static bool IsUsable(string requestId) => requestId is { Length: > 0 and <= RequestIdLengthMax } && IsText(requestId);

    /// <summary>True without control characters and halves of characters.</summary>
    public static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && !Rune.IsControl(rune));

    /// <summary>True when the stored command is this one; another one under the same request id is a mistake of the caller.</summary>
    public static bool IsSame(OperationRow stored, IServiceCommand command) =>
        stored.Service == command.Service.Value && stored.Command == ServiceCommands.NameOf(command) && stored.Node == command.Node?.Value;

    /// <summary>What the caller of such a mistake is told.</summary>
    public static string UsedForAnother(OperationRow stored) =>
        $"requestId {stored.RequestId} was used for another command: {stored.Command} {(stored.Service.Length > 0 ? stored.Service : stored.Node ?? Cluster)}";

    /// <summary>A request id for a caller who gave none.</summary>
    public static string NewRequestId() => Guid.NewGuid().ToString("N");

    /// <summary>Stores a command and sends it to the service's saga; a known request id is not sent again.</summary>
    /// <returns>The row; null when <see cref="WaitingMax"/> wait already, and nothing was stored.</returns>
    public Task<OperationRow?> AcceptAsync(string requestId, ServiceName service, string command, NodeName? node, CancellationToken ct) =>
        units.Create().RunAsync(
            async (work, token) =>
            {
                IServiceCommand message = ServiceCommands.Message(command, requestId, service, node);
                OperationRow wanted = RowOf(message, time.GetUtcNow());
                OperationRow? stored = await AddAsync(work, wanted, token);
                if (stored?.Operation == wanted.Operation)
                {
                    await SendAsync(work, message);
                }
                return stored;
            },
            ct);

    /// <summary>Passes an operator's word about a lost node to the quorum service.</summary>
    public Task<OperationRow?> AcknowledgeFenceAsync(string requestId, NodeName node, Incarnation? incarnation, CancellationToken ct) =>
        PassOnAsync(requestId, AcknowledgeFence, node, incarnation, ct);

    /// <summary>Passes an order to cut a node off to the quorum service.</summary>
    public Task<OperationRow?> FenceAsync(string requestId, NodeName node, Incarnation? incarnation, CancellationToken ct) =>
        PassOnAsync(requestId, Fence, node, incarnation, ct);

    /// <summary>Passes an order to switch maintenance to the quorum service.</summary>
    public Task<OperationRow?> SetMaintenanceAsync(string requestId, bool isOn, CancellationToken ct) =>
        PassOnAsync(requestId, isOn ? MaintenanceOn : MaintenanceOff, null, null, ct);

    /// <summary>Passes an order about the whole cluster, <see cref="Lock"/> or <see cref="Unlock"/>, to the quorum service.</summary>
    public Task<OperationRow?> SetLockAsync(string requestId, bool isOn, CancellationToken ct) =>
        PassOnAsync(requestId, isOn ? Lock : Unlock, null, null, ct);

    /// <summary>Passes an order to take a node out of use, or to put it back, to the quorum service.</summary>
    public Task<OperationRow?> SetDrainAsync(string requestId, NodeName node, bool isOn, CancellationToken ct) =>
        PassOnAsync(requestId, isOn ? Drain : Undrain, node, null, ct);

    /// <summary>Passes an operator's word about a database that went back to the quorum service.</summary>
    public Task<OperationRow?> AcceptArbiterAsync(string requestId, int era, CancellationToken ct) =>
        PassOnAsync(requestId, AcceptArbiter, new NodeName(""), new Incarnation(era.ToString(CultureInfo.InvariantCulture)), ct);

    /// <summary>True when the stored command is the acceptance of that era.</summary>
    public static bool IsAcceptance(OperationRow stored, int era) =>
        stored.Command == AcceptArbiter && stored.Incarnation == era.ToString(CultureInfo.InvariantCulture);

    /// <summary>Stores a command about a node, or the cluster, and publishes it; a known request id is not published again.</summary>
    private Task<OperationRow?> PassOnAsync(string requestId, string command, NodeName? node, Incarnation? incarnation, CancellationToken ct) =>
        units.Create().RunAsync(
            async (work, token) =>
            {
                OperationRow wanted = new()
                {
                    RequestId = requestId,
                    Operation = Guid.NewGuid().ToString("N"),
                    Command = command,
                    Node = node?.Value,
                    Incarnation = incarnation?.Value,
                    State = OperationRow.Accepted,
                    RequestedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
                };
                OperationRow? stored = await AddAsync(work, wanted, token);
                if (stored is not null && stored.Operation == wanted.Operation)
                {
                    await SendToQuorumAsync(work, stored);
                }
                return stored;
            },
            ct);

    /// <summary>Waits for the answer of a command.</summary>
    /// <param name="requestId">The command.</param>
    /// <param name="patience">How long at most.</param>
    /// <param name="ct">The caller went away.</param>
    /// <returns>Null when the time was up first.</returns>
    public async Task<CommandAnswered?> AnswerAsync(string requestId, TimeSpan patience, CancellationToken ct)
    {
        TaskCompletionSource<CommandAnswered> waiter = waiters.Wait(requestId);
        try
        {
            // The row first: the answer may have come before this wait began.
            if (await ReadAsync(requestId, ct) is { } early)
            {
                return early;
            }
            long began = time.GetTimestamp();
            while (true)
            {
                TimeSpan left = patience - time.GetElapsedTime(began);
                bool isLast = left <= RereadInterval;
                if (await AnnouncedAsync(waiter, isLast ? left : RereadInterval, ct) is { } announced)
                {
                    return announced;
                }
                CommandAnswered? answer = await RereadAsync(requestId, isLast, ct);
                if (answer is not null || isLast)
                {
                    return answer;
                }
            }
        }
        finally
        {
            waiters.Forget(requestId, waiter);
        }
    }

    private async Task<CommandAnswered?> AnnouncedAsync(TaskCompletionSource<CommandAnswered> waiter, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            return await waiter.Task.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The row, in case the announcement was lost: what is published while this replica has no queue is lost to it.</summary>
    private async Task<CommandAnswered?> RereadAsync(string requestId, bool isLast, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(requestId, ct);
        }
        catch (Exception failure) when (!isLast && (failure is DbException or TimeoutException))
        {
            // The database is away: the announcement may come nevertheless, and the last look says so if it does not.
            return null;
        }
    }

    /// <summary>The row of a command nobody has seen yet.</summary>
    public static OperationRow RowOf(IServiceCommand command, DateTimeOffset now) => new()
    {
        RequestId = command.RequestId,
        Operation = Guid.NewGuid().ToString("N"),
        Service = command.Service.Value,
        Command = ServiceCommands.NameOf(command),
        Node = command.Node?.Value,
        State = OperationRow.Accepted,
        RequestedAt = now.ToUnixTimeMilliseconds(),
    };

    private static async Task<OperationRow?> AddAsync(UnitOfWork work, OperationRow wanted, CancellationToken ct) =>
        await OperationStore.HasRoomAsync(work, wanted, WaitingMax, ct) ? await OperationStore.AddAsync(work, wanted, ct) : null;

    private async Task<CommandAnswered?> ReadAsync(string requestId, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        return OperationStore.AnswerIn(await OperationStore.ReadAsync(connection, requestId, ct));
    }

    /// <summary>Publishes a stored command about a node or the cluster when the transaction commits.</summary>
    public static Task SendToQuorumAsync(UnitOfWork work, OperationRow row)
    {
        if (row.Command is MaintenanceOn or MaintenanceOff)
        {
            return work.Outbox.PublishAsync(new SetMaintenance { RequestId = row.RequestId, IsOn = row.Command == MaintenanceOn }, Cluster);
        }
        if (row.Command is Lock or Unlock)
        {
            return row.Command == Lock
                ? work.Outbox.PublishAsync(new LockServices { RequestId = row.RequestId }, Cluster)
                : work.Outbox.PublishAsync(new UnlockServices { RequestId = row.RequestId }, Cluster);
        }
        NodeName node = new(row.Node ?? throw new InvariantViolation($"request {row.RequestId} names no node"));
        Incarnation? incarnation = row.Incarnation is { } named ? new Incarnation(named) : null;
        return row.Command switch
        {
            AcceptArbiter when int.TryParse(row.Incarnation, NumberStyles.None, CultureInfo.InvariantCulture, out int era) =>
                work.Outbox.PublishAsync(new Contracts.V1.AcceptArbiter { RequestId = row.RequestId, Era = era }, AcceptArbiter),
            Drain => work.Outbox.PublishAsync(new DrainNode { RequestId = row.RequestId, Node = node }, node.Value),
            Undrain => work.Outbox.PublishAsync(new UndrainNode { RequestId = row.RequestId, Node = node }, node.Value),
            Fence => work.Outbox.PublishAsync(new FenceNode { RequestId = row.RequestId, Node = node, Incarnation = incarnation }, node.Value),
            AcknowledgeFence => work.Outbox.PublishAsync(
                new Contracts.V1.AcknowledgeFence { RequestId = row.RequestId, Node = node, Incarnation = incarnation }, node.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(row), row.Command, "not a command about a node"),
        };
    }

    /// <summary>Sends a stored command to its service when the transaction commits.</summary>
    public static Task SendAsync(UnitOfWork work, IServiceCommand message) => message switch
    {
        EnableService enable => work.Outbox.PublishAsync(enable, enable.Service.Value),
        DisableService disable => work.Outbox.PublishAsync(disable, disable.Service.Value),
        StopService stop => work.Outbox.PublishAsync(stop, stop.Service.Value),
        RestartService restart => work.Outbox.PublishAsync(restart, restart.Service.Value),
        RelocateService relocate => work.Outbox.PublishAsync(relocate, relocate.Service.Value),
        MigrateService migrate => work.Outbox.PublishAsync(migrate, migrate.Service.Value),
        FreezeService freeze => work.Outbox.PublishAsync(freeze, freeze.Service.Value),
        UnfreezeService unfreeze => work.Outbox.PublishAsync(unfreeze, unfreeze.Service.Value),
        ConvalesceService convalesce => work.Outbox.PublishAsync(convalesce, convalesce.Service.Value),
        UnparkService unpark => work.Outbox.PublishAsync(unpark, unpark.Service.Value),
        ConfirmServiceStopped confirm => work.Outbox.PublishAsync(confirm, confirm.Service.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a service command"),
    };
}
