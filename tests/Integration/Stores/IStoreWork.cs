namespace Quorate.Tests.Integration.Stores;

/// <summary>What a body does in its transaction.</summary>
internal interface IStoreWork
{
    /// <summary>Reads a row that nobody else can change until this ends.</summary>
    Task<string> LockAsync(string key);

    Task WriteAsync(string key, string value);

    /// <summary>Sends when it commits.</summary>
    Task SendAsync(string message, string orderingKey);

    /// <summary>False when this message was consumed before.</summary>
    Task<bool> InboxAsync(Guid messageId);

    /// <summary>Refuses to go on under a stale token.</summary>
    Task RequireTokenAsync(long token);

    /// <summary>Waits, by the store's own time, until something is so or cannot become so: another body may not get as far meanwhile.</summary>
    Task PauseUntilAsync(Func<bool> isSo);

    /// <summary>Ends the session from outside, between two statements.</summary>
    Task KillSessionAsync();

    /// <summary>The commit will happen, and this side will not hear of it.</summary>
    void LoseAnswerToCommit();
}
