using System.Globalization;

namespace Quorate.Model.Configuration;

/// <summary>Reads a yes or no of <c>cluster.conf</c>: <c>1 yes true on</c> and any other whole number but 0 mean yes.</summary>
/// <remarks>Source: DESIGN 9. The original read some flags as numbers only, so that "yes" meant no.</remarks>
internal static class BooleanText
{
    /// <summary>Null when the text is neither.</summary>
    public static bool? Parse(string text) =>
        text.Trim().ToLowerInvariant() switch
        {
            "1" or "yes" or "true" or "on" => true,
            "0" or "no" or "false" or "off" => false,
            var other when int.TryParse(other, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number != 0,
            _ => null,
        };
}
