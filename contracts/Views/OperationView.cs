namespace Quorate.Contracts.Views;

/// <summary>A command as every interface shows it, from its acceptance to its one answer.</summary>
public sealed record OperationView
{
    /// <summary>Its id in the history.</summary>
    public required string Operation { get; init; }

    /// <summary>The id under which it was asked for: the same is never carried out twice.</summary>
    public required string RequestId { get; init; }

    /// <summary>As the API calls it: <c>enable</c>, <c>drain</c>, <c>apply-configuration</c>...</summary>
    public required string Command { get; init; }

    /// <summary>What it is about; null for a command about a node or the cluster.</summary>
    public ServiceName? Service { get; init; }

    /// <summary>The node it is about, or its target; null where it names none.</summary>
    public NodeName? Node { get; init; }

    /// <summary><c>accepted</c> (stored, and on its way), <c>taken</c> (worked on), <c>answered</c>.</summary>
    public required string State { get; init; }

    /// <summary>How it ended; null until it has.</summary>
    public ResultCode? Result { get; init; }

    /// <summary>The number of <see cref="Result"/>: 0, or negative as the original had it; null until it ended.</summary>
    public int? Code { get; init; }

    /// <summary>True when nothing was tried.</summary>
    public required bool IsRefused { get; init; }

    /// <summary>Where the service ran when it was answered.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Every reason, per node where nodes were tried.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Null until it was answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }
}
