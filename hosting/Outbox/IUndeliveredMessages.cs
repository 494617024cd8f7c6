namespace Quorate.Hosting.Outbox;

/// <summary>Hears of messages for one queue that did not get there, so that a service can say what that means.</summary>
public interface IUndeliveredMessages
{
    /// <summary>Tells what one batch could not deliver. Their rows are settled by then; a message that failed by itself is told of once.</summary>
    /// <param name="messages">At least one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task TellAsync(IReadOnlyList<UndeliveredMessage> messages, CancellationToken cancellationToken);
}
