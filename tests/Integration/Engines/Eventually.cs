using System.Diagnostics;

namespace Quorate.Tests.Integration.Engines;

/// <summary>Waits for something observable, within a bound; a test never sleeps for a guessed time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns when the condition holds; fails the test with <paramref name="what"/> after the bound.</summary>
    public static Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? longest = null) => HoldsAsync(() => what, condition, longest);

    /// <summary>The same, with words for the end that the test finds only then.</summary>
    public static Task HoldsAsync(Func<string> what, Func<bool> condition, TimeSpan? longest = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), longest);

    private static async Task HoldsAsync(Func<string> what, Func<Task<bool>> condition, TimeSpan? longest)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < (longest ?? Longest), $"never happened: {what()}");
            await Task.Delay(Interval);
        }
    }

    /// <summary>The same for a plain condition.</summary>
    public static Task HoldsAsync(string what, Func<bool> condition, TimeSpan? longest = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), longest);
}
