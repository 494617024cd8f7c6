namespace Quorate.Hosting.Outbox;

/// <summary>A message that did not get into the one queue it was for.</summary>
/// <param name="Type">Its type as the outbox names it; <see cref="Is{T}"/> compares.</param>
/// <param name="Exchange">The queue's name without prefix, as it was given to <see cref="Outbox.SendAsync{T}"/>.</param>
/// <param name="Body">The message as JSON.</param>
/// <param name="Reason">Why, in words a person understands.</param>
public sealed record UndeliveredMessage(string Type, string Exchange, string Body, string Reason)
{
    /// <summary>True for a message of that type.</summary>
    public bool Is<T>() => Type == MessageTypes.NameOf(typeof(T));
}
