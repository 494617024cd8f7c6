namespace Quorate.Hosting.Crashing;

/// <summary>The moments between which a process may die (DESIGN 8.4).</summary>
public static class CrashPoints
{
    /// <summary>A message came in; nothing was done.</summary>
    public const string Received = "received";

    /// <summary>State and outgoing messages are written, not committed.</summary>
    public const string Decided = "decided";

    /// <summary>The transaction is committed; nothing was sent.</summary>
    public const string Committed = "committed";

    /// <summary>An outgoing message is with the broker; its row is still there.</summary>
    public const string Sent = "sent";

    /// <summary>The incoming message is acknowledged.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Received, Decided, Committed, Sent, Acknowledged];
}
