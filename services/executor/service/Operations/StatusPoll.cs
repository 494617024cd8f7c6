namespace Quorate.Executor.Service.Operations;

/// <summary>How often due checks are looked for.</summary>
/// <remarks>Source: <c>rm/@status_poll_interval</c>, rgmanager.md 1.1.</remarks>
internal static class StatusPoll
{
    /// <summary>Where the configuration is not at hand.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    /// <summary>The least; a zero from anywhere must not spin.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
}
