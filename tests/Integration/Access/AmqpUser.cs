using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Integration.Access;

/// <summary>Somebody who speaks plain AMQP to the broker. Each try has a channel of its own, since a refusal ends it.</summary>
internal sealed class AmqpUser : IAsyncDisposable
{
    private const int AccessRefused = 403;

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly IConnection _connection;

    private AmqpUser(IConnection connection) => _connection = connection;

    public static async Task<AmqpUser> ConnectAsync(string address) =>
        new(await new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false }.CreateConnectionAsync());

    /// <summary>False when the broker refuses it for want of the right; anything else that goes wrong is thrown.</summary>
    public async Task<bool> MayAsync(Func<IChannel, Task> attempt)
    {
        await using IChannel channel = await _connection.CreateChannelAsync(Confirmed);
        try
        {
            await attempt(channel);
            return true;
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == AccessRefused)
        {
            return false;
        }
        catch (AlreadyClosedException refused) when (refused.ShutdownReason?.ReplyCode == AccessRefused)
        {
            return false;
        }
        // A confirmation that never comes: the channel was closed under it.
        catch (Exception) when (channel.CloseReason?.ReplyCode == AccessRefused)
        {
            return false;
        }
    }

    public Task<bool> MayPublishAsync(string exchange, string body = "{}", string? type = null) => MayAsync(async channel =>
    {
        BasicProperties properties = new() { ContentType = "application/json", MessageId = Guid.NewGuid().ToString() };
        if (type is not null)
        {
            properties.Headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Quorate.Contracts.V1:{type}" };
        }
        await channel.BasicPublishAsync(exchange, "", mandatory: false, properties, Encoding.UTF8.GetBytes(body));
    });

    /// <summary>Whether messages of an exchange may be led into a queue of the user's own.</summary>
    public Task<bool> MaySubscribeAsync(string exchange, string queue) => MayAsync(async channel =>
    {
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true);
        await channel.QueueBindAsync(queue, exchange, "");
    });

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
