namespace Quorate.Model.Resources;

/// <summary>So many within such a time.</summary>
/// <param name="Max">From 1.</param>
/// <param name="Within">More than zero.</param>
/// <remarks>Source: rgmanager.md 1.6: <c>__max_restarts</c> with <c>__restart_expire_time</c>, <c>__max_failures</c> with <c>__failure_expire_time</c>; one without the other counts for nothing.</remarks>
public sealed record FailureWindow(int Max, TimeSpan Within);
