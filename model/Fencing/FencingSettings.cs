namespace Quorate.Model.Fencing;

/// <summary><c>fence_daemon</c>: how long fencing waits.</summary>
/// <param name="PostFailDelay">After a node was lost, before it is fenced; 0 by default.</param>
/// <param name="PostJoinDelay">After quorum formed, so that nodes which only start late are not fenced; 6 s by default.</param>
/// <remarks>Source: fenced(8), with its defaults.</remarks>
public sealed record FencingSettings(TimeSpan PostFailDelay, TimeSpan PostJoinDelay)
{
    /// <summary>What holds where <c>fence_daemon</c> says nothing.</summary>
    public static FencingSettings Default { get; } = new(TimeSpan.Zero, TimeSpan.FromSeconds(6));
}
