using System.Globalization;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Service records as they are stored, for rows that a test puts into a state by hand.</summary>
internal static class Documents
{
    public static string Of(string service, string state, long epoch = 1, long generation = 0) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"name":"{{service}}","state":"{{state}}","epoch":{{epoch}},"generation":{{generation}},"since":"2026-01-01T12:00:00+00:00",
         "reason":"set by a test","wasEvaluated":true,"restartTimes":[]}
        """);

    /// <summary>The same with an owner.</summary>
    public static string Owned(string service, string state, string node, string incarnation, long epoch = 1) => string.Create(
        CultureInfo.InvariantCulture, $$"""
        {"name":"{{service}}","state":"{{state}}","owner":"{{node}}","ownerIncarnation":"{{incarnation}}","epoch":{{epoch}},"generation":0,
         "since":"2026-01-01T12:00:00+00:00","reason":"set by a test","wasEvaluated":true,"restartTimes":[]}
        """);
}
