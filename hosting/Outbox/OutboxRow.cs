namespace Quorate.Hosting.Outbox;

/// <summary>One message that is committed and not yet sent.</summary>
internal sealed class OutboxRow
{
    public long Id { get; set; }

    public Guid MessageId { get; set; }

    public string MessageType { get; set; } = "";

    public string? Exchange { get; set; }

    public string OrderingKey { get; set; } = "";

    public string Body { get; set; } = "";

    public int Attempts { get; set; }

    /// <summary>The W3C traceparent of what wrote it; null when nobody recorded that.</summary>
    public string? TraceParent { get; set; }

    /// <summary>The tracestate beside it; null as a rule.</summary>
    public string? TraceState { get; set; }

    /// <summary>Set when this attempt failed for a reason of the row's own.</summary>
    public string? Failure { get; set; }

    public bool IsSent { get; set; }

    /// <summary>Sent to one queue, which is not there.</summary>
    public bool IsReturned { get; set; }
}
