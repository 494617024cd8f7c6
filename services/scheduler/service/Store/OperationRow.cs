namespace Quorate.Scheduler.Service.Store;

/// <summary>One command, from its acceptance to its answer.</summary>
internal sealed class OperationRow
{
    /// <summary>Stored by the API; the saga has not seen it. One about a node stays so until the quorum service answers it.</summary>
    public const string Accepted = "accepted";

    /// <summary>The saga works on it.</summary>
    public const string Taken = "taken";

    /// <summary>It has its one answer.</summary>
    public const string Answered = "answered";

    /// <summary>What a command is about that names neither service nor node, and the key under which its message waits in the outbox.</summary>
    public const string Cluster = "cluster";

    public string RequestId { get; set; } = "";

    public string Operation { get; set; } = "";

    public string Service { get; set; } = "";

    public string Command { get; set; } = "";

    public string? Node { get; set; }

    /// <summary>The life of the node that is meant (rule S5); null when none was named or the command is about a service.</summary>
    public string? Incarnation { get; set; }

    /// <summary>True for a command about a node or the cluster, which the quorum service carries out and answers.</summary>
    public bool IsForQuorum => Service.Length == 0;

    public string State { get; set; } = "";

    public string? Result { get; set; }

    /// <summary>1 when nothing was tried.</summary>
    public long IsRefused { get; set; }

    public string? Owner { get; set; }

    public string? Reasons { get; set; }

    public long RequestedAt { get; set; }

    public long? AnsweredAt { get; set; }
}
