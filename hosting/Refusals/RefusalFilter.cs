using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Logging;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Replies;
using Quorate.Hosting.Telemetry;

namespace Quorate.Hosting.Refusals;

/// <summary>
/// On the way of a message into the error queue: when it is there because nobody can understand it, says so under its number and tells its
/// sender why, if it named a queue. What cannot be said is not worth the message: it goes to the error queue all the same.
/// </summary>
internal sealed class RefusalFilter(
    BusConnection bus, MessageRaiser raiser, string component, TimeProvider time, ILogger<RefusalFilter> logger) : IFilter<ExceptionReceiveContext>
{
    /// <summary>How many refusals of a second are published as events; all are logged, counted and kept. A flood must not become one of ours.</summary>
    public const int RaisedPerSecondMax = 5;

    private static readonly TimeSpan SendWait = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private DateTimeOffset _second;
    private int _raised;

    public void Probe(ProbeContext context) => context.CreateScope("refusal");

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (RefusedIn(context.Exception) is { } refused)
        {
            await TellAsync(context, refused);
        }
        await next.Send(context);
    }

    private static BodyRefusedException? RefusedIn(Exception? failure)
    {
        const int DepthMax = 8;
        for (int depth = 0; failure is not null && depth < DepthMax; depth++, failure = failure.InnerException)
        {
            if (failure is BodyRefusedException refused)
            {
                return refused;
            }
        }
        return null;
    }

    private async Task TellAsync(ExceptionReceiveContext context, BodyRefusedException refused)
    {
        string queue = context.InputAddress.Segments[^1];
        logger.MessageRefused(queue, refused.Reason);
        string text = Raise(refused);
        if (MayBeRaised())
        {
            await raiser.TryRaiseAsync(
                MessageCatalogue.Of(refused.Number).Number, $"{text} ({queue}: {refused.Reason})", component, cancellationToken: context.CancellationToken);
        }
        CommandAnswered answer = AnswerTo(context, refused);
        if (refused.IsCommand)
        {
            await bus.TryDeliverAsync(answer, typeof(CommandAnswered), null, context.CancellationToken);
        }
        if ((Deliveries.ReplyToOf(context) ?? ClientIn(context.Body)) is { } sender)
        {
            await ReplyAsync(sender, answer, context.CancellationToken);
        }
    }

    private string Raise(BodyRefusedException refused)
    {
        switch (refused.Number)
        {
            case CatalogueMessage.MessageHeaderNotReceived:
                logger.MessageHeaderNotReceived();
                return MessageText.Format(MessageCatalogue.Of(refused.Number), []);
            case CatalogueMessage.MessageMagicInvalid:
                string wanted = $"{BodyCheck.Version:x}";
                string got = $"{refused.ForeignVersion ?? 0:x}";
                logger.MessageMagicInvalid(wanted, got);
                return MessageText.Format(MessageCatalogue.Of(refused.Number), [wanted, got]);
            default:
                logger.MessageIncomplete();
                return MessageText.Format(MessageCatalogue.Of(CatalogueMessage.MessageIncomplete), []);
        }
    }

    private bool MayBeRaised()
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now - _second >= TimeSpan.FromSeconds(1))
            {
                (_second, _raised) = (now, 0);
            }
            return ++_raised <= RaisedPerSecondMax;
        }
    }

    /// <summary>No operation: an earlier command of that id, if any, keeps its answer.</summary>
    private static CommandAnswered AnswerTo(ExceptionReceiveContext context, BodyRefusedException refused) => new()
    {
        RequestId = RequestIdIn(context.Body),
        Operation = "",
        Result = ResultCode.Invalid,
        Code = (int)ResultCode.Invalid,
        IsRefused = true,
        Reasons = [refused.Message],
    };

    private async Task ReplyAsync(ReplyAddress sender, CommandAnswered answer, CancellationToken cancellationToken)
    {
        try
        {
            await bus.ReplyAsync(answer, typeof(CommandAnswered), Guid.NewGuid(), sender, SendWait, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is: the message goes to the error queue.
            logger.NotSent(nameof(CommandAnswered), failure.Message);
        }
    }

    /// <summary>The request's id, if that much can be read; else empty.</summary>
    private static string RequestIdIn(MessageBody body)
    {
        const int LengthMax = 200;
        if (Read(body) is not { } content)
        {
            return "";
        }
        JsonElement message = content.TryGetProperty("message", out JsonElement wrapped) && wrapped.ValueKind == JsonValueKind.Object ? wrapped : content;
        return TextIn(message, "requestId") is { Length: <= LengthMax } text ? text : "";
    }

    /// <summary>The client of MassTransit that waits for the answer, if its envelope can be read so far.</summary>
    private static ReplyAddress? ClientIn(MessageBody body) =>
        Read(body) is { } envelope && Guid.TryParse(TextIn(envelope, "requestId"), out Guid request)
            && Uri.TryCreate(TextIn(envelope, "responseAddress"), UriKind.Absolute, out Uri? address)
            ? ReplyAddress.OfClient(address, request)
            : null;

    private static JsonElement? Read(MessageBody body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body.GetBytes(), SystemTextJsonMessageSerializer.Options) is { ValueKind: JsonValueKind.Object } content
                ? content
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextIn(JsonElement content, string name)
    {
        try
        {
            return content.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, written as an escape
        }
    }
}
