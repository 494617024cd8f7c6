using System.Text.Json;
using Quorate.Contracts.V1;
using Quorate.Tests.Storm.Orders;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Quorate.Tests.Storm.Running;

/// <summary>
/// Publishes commands as any program can, plain JSON with a confirmation, and hears their answers from a durable queue of its own: a
/// question over HTTP would itself repeat a command that got lost. Queue and binding are declared with each connection, as every program
/// should: a broker that loses its power forgets what was declared in the last moments before.
/// </summary>
internal sealed class BusDoor(string address, Diary diary)
{
    private const string Answers = "storm-answers";
    private const int ReadsMax = 100_000;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory _factory = new()
    {
        Uri = new Uri(address),
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = ConnectTimeout,
        ContinuationTimeout = ConnectTimeout,
        HandshakeContinuationTimeout = ConnectTimeout,
    };

    /// <summary>Makes the queue that keeps answers.</summary>
    public async Task OpenAsync(CancellationToken ct)
    {
        await using IConnection connection = await _factory.CreateConnectionAsync(ct);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await DeclareAsync(channel, ct);
    }

    /// <summary>Publishes a command once.</summary>
    /// <returns>False when the broker did not confirm that it has it.</returns>
    public async Task<bool> PublishAsync(Order order, CancellationToken ct)
    {
        try
        {
            await using IConnection connection = await _factory.CreateConnectionAsync(ct);
            await using IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
            await DeclareAsync(channel, ct);
            string verb = char.ToUpperInvariant(order.Verb[0]) + order.Verb[1..];
            BasicProperties properties = new() { Persistent = true, MessageId = Guid.NewGuid().ToString(), ContentType = "application/json" };
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { order.RequestId, order.Service, order.Node }, JsonSerializerOptions.Web);
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(ConnectTimeout);
            await channel.BasicPublishAsync($"{verb}Service", "", mandatory: true, properties, body, patience.Token);
            return true;
        }
        catch (Exception outage) when (IsOutage(outage) && !ct.IsCancellationRequested)
        {
            diary.Write($"bus: {order.RequestId} not published: {outage.Message}");
            return false;
        }
    }

    /// <summary>Takes all answers that have come; empty when there are none, or no broker.</summary>
    public async Task<IReadOnlyList<CommandAnswered>> TakeAnswersAsync(CancellationToken ct)
    {
        List<CommandAnswered> answers = [];
        try
        {
            await using IConnection connection = await _factory.CreateConnectionAsync(ct);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
            await DeclareAsync(channel, ct);
            for (int read = 0; read < ReadsMax && await channel.BasicGetAsync(Answers, autoAck: false, ct) is { } message; read++)
            {
                JsonElement envelope = JsonSerializer.Deserialize<JsonElement>(message.Body.Span);
                answers.Add(envelope.GetProperty("message").Deserialize<CommandAnswered>(JsonSerializerOptions.Web)
                    ?? throw new JsonException("an answer without a message"));
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
            }
        }
        catch (Exception outage) when (IsOutage(outage) && !ct.IsCancellationRequested)
        {
            // What was read counts; the rest is read the next time.
            diary.Write($"bus: no answers read: {outage.Message}");
        }

        return answers;
    }

    private static async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        await channel.QueueDeclareAsync(Answers, durable: true, exclusive: false, autoDelete: false, cancellationToken: ct);
        await channel.QueueBindAsync(Answers, nameof(CommandAnswered), "", cancellationToken: ct);
    }

    private static bool IsOutage(Exception failure) =>
        failure is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or PublishException
            or IOException or TimeoutException or OperationCanceledException;
}
