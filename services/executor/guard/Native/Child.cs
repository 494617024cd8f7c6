namespace Quorate.Executor.Guard.Native;

/// <summary>A process this guard started.</summary>
internal sealed class Child
{
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required int Id { get; init; }

    /// <summary>Completes once it was reaped.</summary>
    public Task<ChildExit> Exited => _exited.Task;

    /// <summary>How it ended; null until it was reaped.</summary>
    public ChildExit? Exit { get; private set; }

    internal void Complete(ChildExit exit)
    {
        Exit = exit;
        _exited.TrySetResult(exit);
    }
}
