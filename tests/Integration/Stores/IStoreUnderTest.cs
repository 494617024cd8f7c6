using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Integration.Stores;

/// <summary>A store with the rows <c>a</c> and <c>b</c>, both <c>0</c>, as <see cref="A_store"/> uses it.</summary>
internal interface IStoreUnderTest : IAsyncDisposable
{
    /// <summary>Runs each body in a transaction of its own, all at the same time, and commits it when the body returns.</summary>
    /// <returns>What each ended with; null for one that knows that it committed.</returns>
    Task<IReadOnlyList<Exception?>> RunAsync(params IReadOnlyList<Func<IStoreWork, Task>> bodies);

    /// <summary>True for a failure after which production tries again.</summary>
    bool IsRetryable(Exception failure);

    /// <summary>What is committed under a key.</summary>
    Task<string> ReadAsync(string key);

    /// <summary>What is committed and waits to be sent, in the order in which it will be.</summary>
    Task<IReadOnlyList<string>> OutboxAsync();

    /// <summary>Takes the lock of the evaluation, and lets it go again: the token is stale once this was called a second time.</summary>
    Task<long> TakeTokenAsync();

    /// <summary>Stores a lease and the arbiter, and renews by one statement.</summary>
    /// <returns>What the statement said, and the row as it is stored then.</returns>
    Task<(LeaseRow? Said, LeaseRow Stored)> RenewAsync(LeaseRow lease, ArbiterState arbiter, NodeHeartbeat heartbeat);
}
