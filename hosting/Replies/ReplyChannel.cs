using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using Quorate.Hosting.Parked;
using Quorate.Hosting.Settings;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using PublishException = RabbitMQ.Client.Exceptions.PublishException;

namespace Quorate.Hosting.Replies;

/// <summary>
/// Puts answers into the queue that somebody named, as plain JSON or in a MassTransit client's envelope, over a connection of its own that is opened with the first reply: a queue of any kind,
/// a private one, or the broker's direct reply-to. Nothing is declared, since the queue is not ours.
/// </summary>
internal sealed class ReplyChannel(QuorateOptions options) : IAsyncDisposable
{
    private const int AccessRefused = 403;
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(1);

    private const string DirectReplies = "amq.rabbitmq.reply-to.";

    private static readonly JsonSerializerOptions OneLine = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = false };

    private readonly SemaphoreSlim _turn = new(1, 1);
    private IConnection? _connection;
    private IChannel? _channel;

    /// <summary>The body of a plain message, with the names and texts that an envelope's message has, on one line: a shell reads lines.</summary>
    public static byte[] BodyOf(object message, Type type) => JsonSerializer.SerializeToUtf8Bytes(message, type, OneLine);

    /// <summary>Publishes and waits for the broker's word.</summary>
    /// <returns>False when there is no such queue.</returns>
    public async Task<bool> SendAsync(object message, Type type, Guid messageId, ReplyAddress to, CancellationToken cancellationToken)
    {
        BasicProperties properties = new()
        {
            ContentType = to.ClientRequest is null ? "application/json" : SystemTextJsonMessageSerializer.JsonContentType.MediaType,
            CorrelationId = to.CorrelationId,
            MessageId = messageId.ToString(),
            Type = type.Name,
            DeliveryMode = DeliveryModes.Persistent,
        };
        IChannel channel = await OpenAsync(cancellationToken);
        try
        {
            // The broker says of its own pseudo-queue that there is none, and delivers.
            bool isMandatory = !to.Address.StartsWith(DirectReplies, StringComparison.Ordinal);
            byte[] body = to.ClientRequest is { } request ? EnvelopeOf(message, type, messageId, request) : BodyOf(message, type);
            await channel.BasicPublishAsync("", to.Address, isMandatory, properties, body, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            // No word from the broker: the connection may be dead without knowing it, and the next answer shall not wait for that.
            await DropAsync(channel);
            throw;
        }
        catch (PublishException returned) when (returned.IsReturn)
        {
            return false;
        }
        catch (PublishException refused)
        {
            // A queue that is full and takes no more: this answer's failure, and no reason for others to wait.
            throw new InvalidOperationException($"the queue {to.Address} does not take the answer", refused);
        }
        catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == AccessRefused)
        {
            throw new InvalidOperationException(
                $"the broker does not let this service answer to {to.Address}: its user needs the permission to write to amq.default", refused);
        }
    }

    /// <summary>MassTransit's envelope, as far as a client looks at it.</summary>
    private static byte[] EnvelopeOf(object message, Type type, Guid messageId, Guid request) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            messageId,
            requestId = request,
            conversationId = messageId,
            messageType = new[] { MessageUrn.ForTypeString(type) },
            message = JsonSerializer.SerializeToElement(message, type, OneLine),
            headers = new { },
        },
        OneLine);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } open)
            {
                return open;
            }
            await CloseAsync();
            _connection = await new BrokerQueues(options).ConnectAsync(cancellationToken);
            CreateChannelOptions confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            return _channel = await _connection.CreateChannelAsync(confirmed, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task DropAsync(IChannel channel)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (ReferenceEquals(_channel, channel) && _connection is { } connection)
            {
                (_channel, _connection) = (null, null);
                await connection.CloseAsync(Constants.ReplySuccess, "no answer", CloseWait, abort: true, CancellationToken.None);
                await connection.DisposeAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CloseAsync()
    {
        if (_channel is { } channel)
        {
            await channel.DisposeAsync();
        }
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
        (_channel, _connection) = (null, null);
    }
}
