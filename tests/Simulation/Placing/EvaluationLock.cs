using Quorate.Tests.Simulation.Engine;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>The evaluation's lock: whoever takes it raises the token, and no older token may commit (rule S12).</summary>
internal sealed record EvaluationLock(long Token)
{
    /// <summary>The advisory lock, of a session.</summary>
    public const string Name = "evaluation";

    /// <summary>The row of its token.</summary>
    public const string Key = "token";

    /// <summary>Raises the token and commits that, before anybody sees it.</summary>
    public static async Task<long> RaiseAsync(Store store, Life life)
    {
        using Transaction work = store.Begin(life);
        long token = ((await work.LockAsync<EvaluationLock>(Key))?.Token ?? 0) + 1;
        work.Write(Key, new EvaluationLock(token));
        await work.CommitAsync();
        return token;
    }

    /// <summary>Locks the token's row until the transaction ends, and refuses to go on under an older one.</summary>
    public static async Task RequireAsync(Transaction work, long token)
    {
        if ((await work.LockAsync<EvaluationLock>(Key))?.Token != token)
        {
            throw new StoreGoneException("another evaluator took the lock");
        }
    }
}
