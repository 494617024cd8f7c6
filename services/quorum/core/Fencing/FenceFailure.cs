namespace Quorate.Quorum.Core.Fencing;

/// <summary>When a fence device's failure is news. One that stays as it was is tried every minute, and raised once.</summary>
public static class FenceFailure
{
    /// <summary>What the fence log shows in place of another message.</summary>
    private const string Mark = " (as before: #1121 is not raised again)";

    /// <summary>True when the device failed in the same way last time; numbers, such as the times that agents print, do not count.</summary>
    /// <param name="result">What came of it now.</param>
    /// <param name="last">What came of the same action for the same incarnation last time, as stored; null for the first time.</param>
    public static bool IsAsBefore(FenceResult result, (FenceOutcome Outcome, string Detail)? last) =>
        last is { } before && before.Outcome == result.Outcome && WithoutNumbers(before.Detail.Replace(Mark, "", StringComparison.Ordinal)) == WithoutNumbers(result.Detail);

    /// <summary>The detail as it is stored for such a failure.</summary>
    public static string AsBefore(string detail) => detail + Mark;

    private static string WithoutNumbers(string text) => string.Concat(text.Where(letter => !char.IsAsciiDigit(letter)));
}
