using System.Globalization;

using Quorate.Contracts.V1;

namespace Quorate.Cli.Fence;

/// <summary>The history of fencing as lines for a person.</summary>
internal static class FenceLog
{
    /// <summary>One line: when, whom, what was told to which device, what it came to, and how long that took.</summary>
    public static string Line(FenceAttempted attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{attempt.At.ToLocalTime():yyyy-MM-dd HH:mm:ss} {attempt.Node} {Short(attempt.Incarnation.Value)} round {attempt.Round} method {attempt.Method}: "
        + $"{attempt.Agent} {attempt.Device} {attempt.Action}: {Word(attempt.Outcome)} ({attempt.DurationMilliseconds} ms, {attempt.Replica})"
        + $"{(attempt.Detail.Length == 0 ? "" : $" {attempt.Detail}")}");

    private static string Word(string outcome) => outcome switch
    {
        "isOff" => "it is off",
        "isOn" => "it is still on",
        "timedOut" => "no answer in time",
        "unstartable" => "cannot be run",
        _ => outcome,
    };

    private static string Short(string incarnation) => incarnation[..Math.Min(8, incarnation.Length)];
}
