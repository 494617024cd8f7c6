namespace Quorate.Hosting.Replies;

/// <summary>One answer that is committed and not yet sent.</summary>
internal sealed class ReplyRow
{
    public long Id { get; set; }

    public Guid MessageId { get; set; }

    public string MessageType { get; set; } = "";

    public string RequestId { get; set; } = "";

    /// <summary>Where to, as <see cref="ReplyAddress"/> is stored.</summary>
    public string Address { get; set; } = "";

    public string Body { get; set; } = "";

    public int Attempts { get; set; }

    /// <summary>The W3C traceparent of what wrote it; null when nobody recorded that.</summary>
    public string? TraceParent { get; set; }

    /// <summary>The tracestate beside it; null as a rule.</summary>
    public string? TraceState { get; set; }

    public bool IsSent { get; set; }

    /// <summary>Why it cannot be sent now or, after the last attempt, at all; null when it was sent or the broker is away.</summary>
    public string? Failure { get; set; }

    /// <summary>No further attempt will do better.</summary>
    public bool IsHopeless { get; set; }
}
