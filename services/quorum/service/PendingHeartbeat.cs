using Quorate.Contracts.V1;

namespace Quorate.Quorum.Service;

/// <summary>A heartbeat that waits for its answer.</summary>
internal sealed class PendingHeartbeat(NodeHeartbeat heartbeat)
{
    private readonly TaskCompletionSource<HeartbeatAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isAbandoned;

    public NodeHeartbeat Heartbeat { get; } = heartbeat;

    /// <summary>Nobody waits for its answer any more.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>Null when it could not be stored: there is no answer, and the node asks again.</summary>
    public Task<HeartbeatAnswer?> Answered => _answer.Task;

    public void Abandon() => _isAbandoned = true;

    public void Answer(HeartbeatAnswer? answer) => _answer.TrySetResult(answer);
}
