using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Settings;
using Quorate.Scheduler.Core;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// Keeps every decision from rows that may be those of an earlier time (rule S14). A database that is restored, or replaced by a copy that
/// was behind, ends its sessions. So with the first session, and with every new one, nothing is decided until a replica of quorum, which
/// remembers how far the database had counted, has looked at it and said so. To everybody else that is a database that is away.
/// </summary>
internal sealed class ArbiterLooks(IBusSender bus, QuorateOptions options, TimeProvider time)
{
    /// <summary>How long one decision waits for the answer; then it is tried again, as after an outage.</summary>
    private const int AsksMax = 4;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private ArbiterLook? _look;
    private long _lookedSessions;
    private string _asked = "";
    private long _askedSessions;
    private TaskCompletionSource _heard = New();

    /// <summary>Returns once a decision may be made from what this transaction reads.</summary>
    /// <param name="work">A transaction; its session counts.</param>
    /// <param name="membership">The newest that is stored; null before quorum spoke.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseForgetsException">Quorum has not looked, or has found that the database went back.</exception>
    public async Task RequireAsync(UnitOfWork work, MembershipChanged? membership, CancellationToken cancellationToken)
    {
        // The embedded database has one transaction at a time, and quorum's beat is one.
        ArbiterLook look = await LookedAsync(work.Sessions, work.Dialect.IsPostgreSql ? AsksMax : 0, cancellationToken)
            ?? throw new DatabaseForgetsException("no quorum replica has looked at the database since this connection was opened");
        if (look.ReasonAgainst(membership is null ? MembershipView.Empty : MembershipView.From(membership)) is { } reason)
        {
            throw new DatabaseForgetsException(reason);
        }
    }

    /// <summary>Waits a little for the look that the next transaction will need; for whoever can, since a transaction that waits holds its rows.</summary>
    public Task PrepareAsync(IDatabase database, CancellationToken cancellationToken) => LookedAsync(database.Sessions, AsksMax, cancellationToken);

    /// <summary>Takes in what a replica of quorum says.</summary>
    public void Hear(ArbiterSeen message)
    {
        if (message.Stored is not { } stored)
        {
            return;
        }
        ArbiterLook look = new(stored.Era, stored.Generation, message.IsTrusted);
        lock (_lock)
        {
            if (message.Look.Length > 0 && message.Look == _asked && _askedSessions > _lookedSessions)
            {
                // What was seen in earlier sessions was perhaps another database.
                (_look, _lookedSessions) = (look, _askedSessions);
                _heard.TrySetResult();
                _heard = New();
            }
            else if (_look is not null)
            {
                _look = _look.With(look);
            }
        }
    }

    private async Task<ArbiterLook?> LookedAsync(long sessions, int waitsMax, CancellationToken cancellationToken)
    {
        for (int asks = 0; ; asks++)
        {
            (ArbiterLook? look, string asked, Task heard) = Now(sessions);
            if (look is not null)
            {
                return look;
            }
            await bus.TryPublishAsync(new RequestMembership { RequestedBy = options.Replica, Look = asked }, cancellationToken);
            if (asks == waitsMax)
            {
                return null;
            }
            try
            {
                await heard.WaitAsync(AskAgainAfter, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Asks again: the request or its answer was lost, or quorum itself does not reach the database.
            }
        }
    }

    private (ArbiterLook? Look, string Asked, Task Heard) Now(long sessions)
    {
        lock (_lock)
        {
            if (_lookedSessions >= sessions)
            {
                return (_look, _asked, Task.CompletedTask);
            }
            if (_askedSessions < sessions)
            {
                (_asked, _askedSessions) = (Guid.NewGuid().ToString("N"), sessions);
            }
            return (null, _asked, _heard.Task);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
