namespace Quorate.Hosting.Parked;

/// <summary>How full a queue of the broker is. Both are null for one that its reader alone may look into: the queue of one life of a node.</summary>
/// <param name="Ready">Messages that wait to be handed out.</param>
/// <param name="Consumers">Who takes messages from it.</param>
internal sealed record QueueCount(long? Ready, long? Consumers)
{
    /// <summary>It is there, and says no more.</summary>
    public static readonly QueueCount Private = new(null, null);
}
