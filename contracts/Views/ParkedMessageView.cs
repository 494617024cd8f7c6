namespace Quorate.Contracts.Views;

/// <summary>A message that could not be handled, or not be sent, and waits for an operator.</summary>
public sealed record ParkedMessageView
{
    /// <summary>Names it in commands: 12 hexadecimal digits, the same at each look. Copies of one message in one place share it.</summary>
    public required string Id { get; init; }

    /// <summary>The message's own id, which the inbox goes by; null when its sender gave none.</summary>
    public string? MessageId { get; init; }

    /// <summary>Where it failed: the queue without prefix, or <c>SERVICE outbox</c>. A replay puts it back there.</summary>
    public required string Queue { get; init; }

    /// <summary><c>error</c> (its handler failed), <c>skipped</c> (nobody handles its type), <c>dead</c> (processes died over it), <c>outbox</c> (it could not be sent).</summary>
    public required string Kind { get; init; }

    /// <summary>When it was parked, or written for one of an outbox; null when nobody wrote that down.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Short name of its type, or <c>unknown</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Why it is parked, at most 500 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>The number of the catalogue's message that explains the reason; null when there is none.</summary>
    public int? Number { get; init; }

    /// <summary>Bytes of its body.</summary>
    public required long Size { get; init; }

    /// <summary>The beginning of its body, with anything unprintable as <c>?</c>: at most 200 characters in a list, 16,000 for one message.</summary>
    public required string Body { get; init; }
}
