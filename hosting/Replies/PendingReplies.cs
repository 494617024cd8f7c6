using System.Text.Json;
using Dapper;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry.Tracing;

namespace Quorate.Hosting.Replies;

/// <summary>
/// Takes care, in the transaction of a unit of work, that whoever gave a <c>reply_to</c> with a command gets its answer: at once when it is
/// decided here, else from the row that is kept until the answer is written, by whichever replica.
/// </summary>
/// <remarks>A refusal of one message (it has no operation) goes to its own sender alone: the command of that id, if any, still has its answer to come.</remarks>
internal sealed class PendingReplies(UnitOfWork work, TablePrefix tables, TimeProvider time)
{
    /// <summary>So many may wait for the answer to one command; more than one is rare, and each costs a row and a message.</summary>
    public const int AskersMax = 16;

    private string _requestId = "";
    private ReplyAddress? _asking;

    /// <summary>This unit of work carries out a command whose sender wants the answer there.</summary>
    public void Expect(string? requestId, ReplyAddress? asking)
    {
        _requestId = requestId ?? "";
        _asking = asking;
    }

    /// <summary>The message was consumed before, and who wants the answer was noted then.</summary>
    public void Forget() => _asking = null;

    /// <summary>An answer is published: writes what its askers get.</summary>
    public async Task AnswerAsync(CommandAnswered answer)
    {
        if (_asking is { } asking && answer.RequestId == _requestId)
        {
            _asking = null;
            await WriteAsync(answer, asking.ToText());
        }
        if (answer.Operation.Length == 0)
        {
            return;
        }
        IEnumerable<string> kept = await work.Connection.QueryAsync<string>(
            $"DELETE FROM {tables.Reply} WHERE request_id = @RequestId RETURNING address", new { answer.RequestId }, work.Transaction);
        foreach (string address in kept)
        {
            await WriteAsync(answer, address);
        }
    }

    /// <summary>Before the commit: who has no answer yet is remembered.</summary>
    public async Task KeepAsync()
    {
        if (_asking is not { } asking)
        {
            return;
        }
        _asking = null;
        await work.Connection.ExecuteAsync(
            $"""
            INSERT INTO {tables.Reply} (request_id, address, asked_at)
            SELECT @requestId, @address, @now WHERE (SELECT COUNT(*) FROM {tables.Reply} WHERE request_id = @requestId) < {AskersMax}
            ON CONFLICT (request_id, address) DO NOTHING
            """,
            new { requestId = _requestId, address = asking.ToText(), now = time.GetUtcNow() }, work.Transaction);
    }

    private async Task WriteAsync(CommandAnswered answer, string address)
    {
        await work.Connection.ExecuteAsync(
            $"""
            INSERT INTO {tables.ReplyOutbox} (message_id, message_type, request_id, address, body, written_at, trace_parent, trace_state)
            VALUES (@messageId, @messageType, @RequestId, @address, @body, @now, @traceParent, @traceState)
            """,
            new
            {
                messageId = Guid.NewGuid(),
                messageType = MessageTypes.NameOf(typeof(CommandAnswered)),
                answer.RequestId,
                address,
                body = JsonSerializer.Serialize(answer),
                now = time.GetUtcNow(),
                traceParent = Traces.Here,
                traceState = Traces.State,
            },
            work.Transaction);
        work.HasWrittenReplies();
    }
}
