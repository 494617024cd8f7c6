using System.Text.Json;
using Dapper;
using Quorate.Contracts.V1;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Hosting.Outbox;

/// <summary>Messages that leave if, and only if, the transaction commits.</summary>
public sealed class Outbox
{
    private readonly UnitOfWork _work;
    private readonly TablePrefix _tables;
    private readonly TimeProvider _time;

    internal Outbox(UnitOfWork work, TablePrefix tables, TimeProvider time)
    {
        _work = work;
        _tables = tables;
        _time = time;
    }

    /// <summary>Publishes to everybody who subscribed to <typeparamref name="T"/>.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="orderingKey">Messages of one key are sent in the order they were written; as a rule the service's name.</param>
    public async Task PublishAsync<T>(T message, string orderingKey) where T : class
    {
        await WriteAsync(message, null, orderingKey);
        if (message is CommandAnswered answer)
        {
            await _work.Replies.AnswerAsync(answer);
        }
    }

    /// <summary>Sends to one queue.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="exchangeName">The queue's name without prefix, e.g. <c>scheduler.v1</c>. A queue that does not exist loses it.</param>
    /// <param name="orderingKey">As for publishing.</param>
    public Task SendAsync<T>(T message, string exchangeName, string orderingKey) where T : class =>
        WriteAsync(message, exchangeName, orderingKey);

    private async Task WriteAsync<T>(T message, string? exchange, string orderingKey) where T : class
    {
        Type type = message.GetType();
        await _work.Connection.ExecuteAsync(
            $"""
            INSERT INTO {_tables.Outbox} (message_id, message_type, exchange, ordering_key, body, written_at, trace_parent, trace_state)
            VALUES (@messageId, @messageType, @exchange, @orderingKey, @body, @now, @traceParent, @traceState)
            """,
            new
            {
                messageId = Guid.NewGuid(),
                messageType = MessageTypes.NameOf(type),
                exchange,
                orderingKey,
                body = JsonSerializer.Serialize(message, type),
                now = _time.GetUtcNow(),
                traceParent = Traces.Here,
                traceState = Traces.State,
            },
            _work.Transaction);
        _work.HasWrittenMessages();
    }
}
