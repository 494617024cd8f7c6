using System.Globalization;

namespace Quorate.Model.Resources;

/// <summary>Reads a length of time as <c>cluster.conf</c> and agents' metadata write it: <c>30</c>, <c>90s</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
/// <remarks>Source: rgmanager.md 1.4: suffixes s m h d w y, added up; without a suffix seconds. <c>ms</c> is OCF's.</remarks>
public static class DurationText
{
    private const int DigitsMax = 9;

    /// <summary>The longest length that is read: about 68 years, what the original's counters held.</summary>
    public static TimeSpan LongestReadable { get; } = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>Reads a length of time; null when the text is empty, has an unknown suffix or is longer than <see cref="LongestReadable"/>.</summary>
    public static TimeSpan? Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        double seconds = 0;
        while (!rest.IsEmpty)
        {
            int digits = CountDigits(rest);
            if (digits is 0 or > DigitsMax)
            {
                return null;
            }

            int number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            if (TakeUnit(ref rest) is not { } secondsPerUnit)
            {
                return null;
            }

            seconds += number * secondsPerUnit;
        }

        return seconds <= LongestReadable.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
        {
            count++;
        }

        return count;
    }

    private static double? TakeUnit(ref ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return 1;
        }

        if (rest.StartsWith("ms", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[2..];
            return 0.001;
        }

        double? seconds = char.ToLowerInvariant(rest[0]) switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            'y' => 365 * 86_400,
            _ => null,
        };
        rest = rest[1..];
        return seconds;
    }
}
