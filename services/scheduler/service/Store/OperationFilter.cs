using Quorate.Contracts;

namespace Quorate.Scheduler.Service.Store;

/// <summary>Which commands are wanted; what is null or empty says nothing.</summary>
internal sealed record OperationFilter
{
    public ServiceName? Service { get; init; }

    /// <summary>About this node, or with it as their target.</summary>
    public NodeName? Node { get; init; }

    public IReadOnlyList<string> States { get; init; } = [];

    public IReadOnlyList<string> Commands { get; init; } = [];

    public IReadOnlyList<ResultCode> Results { get; init; } = [];

    /// <summary>Older than the command of this operation.</summary>
    public string? Before { get; init; }
}
