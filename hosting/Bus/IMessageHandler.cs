namespace Quorate.Hosting.Bus;

/// <summary>Consumes one type of message without a database. Made anew for each message; quick: long work belongs to a hosted service.</summary>
public interface IMessageHandler<in T> where T : class
{
    /// <summary>Handles one delivery. An exception sends the message to the error queue, after retries if it is a conflict.</summary>
    Task HandleAsync(T message, Delivery delivery, CancellationToken cancellationToken);
}
