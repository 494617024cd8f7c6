using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Service.Api;

/// <summary>
/// Callers of this replica who wait for an answer. Every replica hears every <see cref="CommandAnswered"/>; the row stays the truth,
/// so a waiter that misses the event finds the answer when its time is up.
/// </summary>
internal sealed class AnswerWaiters
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<TaskCompletionSource<CommandAnswered>>> _waiters = new(StringComparer.Ordinal);

    /// <summary>
    /// One caller's wait: completes when the answer of <paramref name="requestId"/> is announced after this call. Give it back to
    /// <see cref="Forget"/>; several callers may wait for one answer.
    /// </summary>
    public TaskCompletionSource<CommandAnswered> Wait(string requestId)
    {
        TaskCompletionSource<CommandAnswered> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_waiters.TryGetValue(requestId, out List<TaskCompletionSource<CommandAnswered>>? all))
            {
                _waiters[requestId] = all = [];
            }
            all.Add(waiter);
        }
        return waiter;
    }

    /// <summary>An answer was announced. One without operation refuses a message, it does not answer the command of that id.</summary>
    public void Announce(CommandAnswered answer)
    {
        if (answer.Operation.Length == 0)
        {
            return;
        }
        lock (_lock)
        {
            foreach (TaskCompletionSource<CommandAnswered> waiter in _waiters.GetValueOrDefault(answer.RequestId) ?? [])
            {
                waiter.TrySetResult(answer);
            }
        }
    }

    /// <summary>This caller does not wait any more.</summary>
    public void Forget(string requestId, TaskCompletionSource<CommandAnswered> waiter)
    {
        lock (_lock)
        {
            if (_waiters.TryGetValue(requestId, out List<TaskCompletionSource<CommandAnswered>>? all) && all.Remove(waiter) && all.Count == 0)
            {
                _waiters.Remove(requestId);
            }
        }
    }
}
