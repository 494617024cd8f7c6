namespace Quorate.Quorum.Core.Fencing;

/// <summary>What comes next in fencing one incarnation. A closed set.</summary>
public abstract record FenceStep(string Reason)
{
    /// <summary>Run an agent, if the fence row still says so.</summary>
    public sealed record Run(int Method, int Device, FenceAction Action, string Reason) : FenceStep(Reason)
    {
        /// <summary>How long to wait before.</summary>
        public TimeSpan Pause { get; init; }
    }

    /// <summary>Every device of a method is proven off: the incarnation has ended, store that.</summary>
    public sealed record Conclude(int Method, string Reason) : FenceStep(Reason);

    /// <summary>Every method failed in this round.</summary>
    public sealed record GiveUp(string Reason) : FenceStep(Reason);

    /// <summary>The incarnation has ended and every device that was switched off was told to switch on again.</summary>
    public sealed record Finished(string Reason) : FenceStep(Reason);

    /// <summary>The incarnation has ended, and these devices could not be switched on again: somebody has to do that.</summary>
    public sealed record StaysOff(string Reason) : FenceStep(Reason);
}
