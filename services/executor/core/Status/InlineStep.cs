using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Status;

/// <summary>What is done about a failed check on the node itself.</summary>
/// <remarks>Source: rgmanager.md 2.8.</remarks>
public abstract record InlineStep
{
    private InlineStep()
    {
    }

    /// <summary>Nothing: it counts as passed.</summary>
    public sealed record Tolerate(int Count, int Max) : InlineStep;

    /// <summary>The resource's own <c>recover</c> action; what it gives is how the check ended.</summary>
    public sealed record Recover(ResourceNode Resource) : InlineStep;

    /// <summary>The subtree is stopped and started again; the counts are 0 where nothing bounds them.</summary>
    public sealed record Restart(ResourceNode Subtree, int Count, int Max) : InlineStep;

    /// <summary>The subtree is stopped and left so; the service runs on without it.</summary>
    public sealed record Quiesce(ResourceNode Subtree) : InlineStep;

    /// <summary>The whole service has failed.</summary>
    public sealed record Fail(string Why) : InlineStep;
}
