using System.Text.Json;

namespace Quorate.Hosting.Database;

/// <summary>
/// Enumerations as TEXT, spelled as in JSON (camel case: <c>started</c>). Dapper writes an enumeration as its number and ignores
/// handlers, so a statement's parameter says <c>State = state.ToText()</c>; reading a TEXT column into an enumeration works by itself.
/// </summary>
public static class EnumText
{
    /// <summary>The text to store.</summary>
    public static string ToText<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
