using System.Data.Common;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;

namespace Quorate.Scheduler.Service.Events;

/// <summary>Events as they happen, for as long as somebody listens. Resumed by the id of the last one heard, nothing is missed or told twice.</summary>
internal sealed class EventStream(IDatabase database, EventBell bell, TimeProvider time)
{
    /// <summary>So many listen at one replica at most.</summary>
    public const int ListenersMax = 100;

    /// <summary>A stream that has nothing to tell says so, or nobody would find out that the other end is gone.</summary>
    public static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(15);

    /// <summary>What was written may have to wait for a transaction that began earlier; one is open for 15 s at most.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private const string Alive = "alive";
    private const string Gap = "gap";

    private int _listeners;

    /// <summary>False when all places are taken.</summary>
    public bool HasRoom => Volatile.Read(ref _listeners) < ListenersMax;

    /// <summary>Tells what happened behind a position, and from then on what happens; ends with its reader, or when the database is away.</summary>
    /// <param name="after">Where to go on; null for what happens from now on.</param>
    /// <param name="service">Only about this one; null for all.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<SseItem<EventView?>> FollowAsync(EventPosition? after, ServiceName? service, [EnumeratorCancellation] CancellationToken ct)
    {
        Interlocked.Increment(ref _listeners);
        try
        {
            if (await BeginAsync(after, ct) is not var (position, isMissing))
            {
                yield break;
            }

            if (isMissing && after is { } unknown)
            {
                yield return new SseItem<EventView?>(Missing(unknown), Gap);
            }

            // Whoever comes back before anything happened goes on from here.
            yield return AliveAt(position);
            while (true)
            {
                Task next = bell.Next;
                if (await PageAsync(position, service, ct) is not var (page, isUnsettled))
                {
                    yield break;
                }

                foreach (EventView told in page)
                {
                    position = EventPosition.Parse(told.Id) ?? position;
                    yield return new SseItem<EventView?>(told, told.Kind) { EventId = told.Id };
                }

                if (page.Count == 0 && !await RangAsync(next, isUnsettled ? LookAgainAfter : AliveEvery, ct) && !isUnsettled)
                {
                    yield return AliveAt(position);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task<(EventPosition Position, bool IsMissing)?> BeginAsync(EventPosition? after, CancellationToken ct)
    {
        try
        {
            EventPosition newest = await EventStore.LastAsync(database, 1, null, ct) is [var last] ? EventPosition.Parse(last.Id) ?? EventPosition.Start : EventPosition.Start;
            if (after is not { } known || known == EventPosition.Start)
            {
                return (after ?? newest, false);
            }

            bool isMissing = !await EventStore.KnowsAsync(database, known, ct);
            // One from the future is that of another database: nothing would ever be told behind it.
            return (isMissing && known.CompareTo(newest) > 0 ? newest : known, isMissing);
        }
        catch (Exception outage) when (outage is DbException or TimeoutException or DatabaseForgetsException)
        {
            return null;
        }
    }

    /// <summary>What can be told now, and whether something is written that cannot be yet; null while the database is away: the reader comes back.</summary>
    private async Task<(IReadOnlyList<EventView> Page, bool IsUnsettled)?> PageAsync(EventPosition position, ServiceName? service, CancellationToken ct)
    {
        try
        {
            IReadOnlyList<EventView> page = await EventStore.AfterAsync(database, position, service, ct);
            return (page, page.Count == 0 && await EventStore.HasUnsettledAsync(database, ct));
        }
        catch (Exception outage) when (outage is DbException or TimeoutException or DatabaseForgetsException)
        {
            return null;
        }
    }

    /// <returns>False when the pause went by in silence.</returns>
    private async Task<bool> RangAsync(Task next, TimeSpan pause, CancellationToken ct)
    {
        using CancellationTokenSource isOver = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task first = await Task.WhenAny(next, Task.Delay(pause, time, isOver.Token));
        await isOver.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return first == next;
    }

    private static SseItem<EventView?> AliveAt(EventPosition position) => new(null, Alive) { EventId = position.ToString() };

    private EventView Missing(EventPosition known) => new()
    {
        Id = known.ToString(),
        At = time.GetUtcNow(),
        Kind = Gap,
        Text = $"the event {known} is not known here (any more): what happened behind it may be missing; look at the present state first",
    };
}
