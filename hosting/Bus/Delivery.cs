using Quorate.Hosting.Replies;

namespace Quorate.Hosting.Bus;

/// <summary>What the bus says about one delivery of a message.</summary>
/// <param name="MessageId">The sender's id, the same in every copy; made up here when the sender gave none.</param>
/// <param name="SentAt">The sender's clock; null when it did not say.</param>
/// <param name="IsRedelivered">True when an earlier delivery was not acknowledged.</param>
/// <param name="Queue">The queue it came from, with prefix.</param>
public sealed record Delivery(Guid MessageId, DateTimeOffset? SentAt, bool IsRedelivered, string Queue)
{
    /// <summary>True when the sender's time for it was over before it was read; the message says so, or its properties do.</summary>
    public bool IsExpired { get; init; }

    internal ReplyAddress? ReplyTo { get; init; }
}
