using System.Globalization;
using System.Text;
using Quorate.Contracts.Views;
using Quorate.Hosting.Refusals;
using RabbitMQ.Client;

namespace Quorate.Hosting.Parked;

/// <summary>A message that lies in one of the queues of parked ones, held until it is acknowledged or put back.</summary>
/// <param name="Got">What the broker handed out.</param>
/// <param name="Place">Where it lies.</param>
internal sealed record ParkedDelivery(BasicGetResult Got, ParkedPlace Place)
{
    private const string TypeHeader = "MT-MessageType";
    private const string FaultPrefix = "MT-Fault-";

    /// <summary>Headers that tell of the failure and of the way here; a replayed message has failed at nothing yet.</summary>
    private static readonly string[] Traces = [FaultPrefix, "MT-Reason", "x-death", "x-first-death", "x-last-death", "x-delivery-count", "x-acquired-count"];

    /// <summary>True for one that was refused because its sender may not say such a thing; put back, it would be taken.</summary>
    public bool IsForeign => Header($"{FaultPrefix}ExceptionType")?.EndsWith(nameof(ForeignMessageException), StringComparison.Ordinal) == true;

    /// <summary>As it is shown.</summary>
    /// <param name="bodyMax">How much of the body, in characters.</param>
    public ParkedMessageView View(int bodyMax)
    {
        (string message, string? type, string? id) = ParkedText.Unwrap(Got.Body.Span);
        string failure = Header($"{FaultPrefix}ExceptionType") ?? "";
        string text = Header($"{FaultPrefix}Message") ?? Place.Meaning;
        string? messageId = Got.BasicProperties.MessageId ?? id;
        return new ParkedMessageView
        {
            Id = Id(messageId),
            MessageId = messageId,
            Queue = Place.Queue,
            Kind = Place.Kind,
            At = ParkedAt(),
            Type = ParkedText.Plain(ParkedText.TypeOf(type ?? Header(TypeHeader) ?? Header($"{FaultPrefix}MessageType")), ParkedText.ExcerptMax),
            Reason = ParkedText.Plain(failure.Length > 0 ? $"{failure.Split('.')[^1]}: {text}" : text, ParkedText.ReasonMax),
            Number = ParkedText.NumberOf(failure, text),
            Size = Got.Body.Length,
            Body = ParkedText.Plain(message, bodyMax),
        };
    }

    /// <summary>Its properties as they were before it failed: the same message id, so that the inbox knows it again.</summary>
    public BasicProperties PropertiesBefore()
    {
        BasicProperties before = new(Got.BasicProperties)
        {
            Headers = (Got.BasicProperties.Headers ?? new Dictionary<string, object?>())
                .Where(header => !Array.Exists(Traces, trace => header.Key.StartsWith(trace, StringComparison.Ordinal)))
                .ToDictionary(header => header.Key, header => header.Value),
        };
        // Plain JSON had its type from the exchange it was published to, and is put into the queue past that.
        if (!before.Headers.ContainsKey(TypeHeader) && Header($"{FaultPrefix}MessageType") is { Length: > 0 } type)
        {
            before.Headers[TypeHeader] = type;
        }
        return before;
    }

    private string Id(string? messageId) => ParkedText.IdOf(Place.Name, messageId ?? Convert.ToHexString(Got.Body.Span));

    private DateTimeOffset? ParkedAt() =>
        DateTimeOffset.TryParse(Header($"{FaultPrefix}Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at
        : Got.BasicProperties.IsTimestampPresent() ? DateTimeOffset.FromUnixTimeSeconds(Got.BasicProperties.Timestamp.UnixTime)
        : null;

    private string? Header(string name) => Got.BasicProperties.Headers?.TryGetValue(name, out object? value) == true
        ? value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            null => null,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        }
        : null;
}
