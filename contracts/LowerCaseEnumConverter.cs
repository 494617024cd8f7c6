using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>Writes an enumeration as its camel-case name (<c>started</c>, <c>stopProven</c>); numbers are refused.</summary>
public sealed class LowerCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
