namespace Quorate.Scheduler.Service.Store;

/// <summary>One command, from its acceptance to its answer.</summary>
internal sealed class OperationRow
{
    /// <summary>Stored by the API; the saga has not seen it.</summary>
    public const string Accepted = "accepted";

    /// <summary>The saga works on it.</summary>
    public const string Taken = "taken";

    /// <summary>It has its one answer.</summary>
    public const string Answered = "answered";

    public string RequestId { get; set; } = "";

    public string Operation { get; set; } = "";

    public string Service { get; set; } = "";

    public string Command { get; set; } = "";

    public string? Node { get; set; }

    public string State { get; set; } = "";

    public string? Result { get; set; }

    /// <summary>1 when nothing was tried.</summary>
    public long IsRefused { get; set; }

    public string? Owner { get; set; }

    public string? Reasons { get; set; }

    public long RequestedAt { get; set; }

    public long? AnsweredAt { get; set; }
}
