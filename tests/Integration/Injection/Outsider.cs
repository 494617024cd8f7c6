using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Quorate.Tests.Integration.Injection;

/// <summary>A program that knows nothing of Quorate's code: it publishes bytes and reads a queue of its own.</summary>
internal sealed class Outsider : IAsyncDisposable
{
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(20);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _prefix;
    private readonly System.Threading.Channels.Channel<OutsiderReply> _replies =
        System.Threading.Channels.Channel.CreateUnbounded<OutsiderReply>();

    private Outsider(IConnection connection, IChannel channel, string prefix, string queue)
    {
        _connection = connection;
        _channel = channel;
        _prefix = prefix;
        Queue = queue;
    }

    /// <summary>Where it reads its answers.</summary>
    public string Queue { get; }

    public static async Task<Outsider> ConnectAsync(string address, string prefix, bool isDirect = false)
    {
        IConnection connection = await new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        string queue = isDirect ? "amq.rabbitmq.reply-to" : (await channel.QueueDeclareAsync()).QueueName;
        Outsider outsider = new(connection, channel, prefix, queue);
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, delivered) =>
        {
            outsider._replies.Writer.TryWrite(new OutsiderReply(
                delivered.BasicProperties.Type ?? "", delivered.BasicProperties.CorrelationId, delivered.BasicProperties.ContentType ?? "",
                JsonSerializer.Deserialize<JsonElement>(delivered.Body.Span)));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return outsider;
    }

    public Task PublishAsync(string exchange, string body, Action<BasicProperties>? change = null) =>
        PublishAsync(exchange, Encoding.UTF8.GetBytes(body), change);

    public async Task PublishAsync(string exchange, byte[] body, Action<BasicProperties>? change = null)
    {
        BasicProperties properties = new() { ContentType = "application/json", ReplyTo = Queue };
        change?.Invoke(properties);
        await _channel.BasicPublishAsync(_prefix + exchange, "", mandatory: true, properties, body);
    }

    /// <summary>Publishes and waits for one answer.</summary>
    public async Task<OutsiderReply> AskAsync(string exchange, string body, Action<BasicProperties>? change = null)
    {
        await PublishAsync(exchange, body, change);
        return await NextAsync();
    }

    /// <summary>The next answer.</summary>
    public async Task<OutsiderReply> NextAsync()
    {
        using CancellationTokenSource patience = new(AnswerWait);
        return await _replies.Reader.ReadAsync(patience.Token);
    }

    /// <summary>An answer that is there already.</summary>
    public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutsiderReply? reply) => _replies.Reader.TryRead(out reply);

    /// <summary>Makes an exchange of its own that leads to one of the cluster's.</summary>
    public async Task BindOwnAsync(string own, string exchange)
    {
        await _channel.ExchangeDeclareAsync(_prefix + own, ExchangeType.Fanout, durable: false, autoDelete: true);
        await _channel.ExchangeBindAsync(_prefix + exchange, _prefix + own, "");
    }

    /// <summary>Makes a queue that has one message and takes no more.</summary>
    public async Task<string> FullQueueAsync()
    {
        Dictionary<string, object?> arguments = new() { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" };
        string queue = (await _channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, arguments)).QueueName;
        await _channel.BasicPublishAsync("", queue, Array.Empty<byte>());
        return queue;
    }

    /// <summary>How many messages lie in a queue; 0 when there is none.</summary>
    public async Task<uint> CountAsync(string queue)
    {
        await using IChannel channel = await _connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(_prefix + queue)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode is 404 or 541)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
