using Quorate.Hosting.Outbox;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Consumes one type of message exactly once in effect: the inbox mark, what <see cref="HandleAsync"/> writes and what it puts into
/// the outbox are one transaction.
/// </summary>
public abstract class InboxConsumer<T> where T : class
{
    /// <summary>Handles one message, inside the transaction of <paramref name="work"/>; not called for one consumed before.</summary>
    public abstract Task HandleAsync(T message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken);
}
