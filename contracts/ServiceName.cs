using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>
/// The full name of a service (resource group), <c>TYPE:NAME</c>: <c>service:web</c>, <c>vm:guest</c>. NAME may hold spaces,
/// colons and slashes; TYPE never holds a colon.
/// </summary>
/// <param name="Value">The full name. Use <see cref="Parse"/> for what a person or a program typed.</param>
/// <remarks>Source: clusvcadm(8), a name without ':' gets the prefix <c>service:</c>; rgmanager.md 5.1.</remarks>
[JsonConverter(typeof(TextConverter<ServiceName>))]
public readonly record struct ServiceName(string Value) : IText<ServiceName>, IComparable<ServiceName>
{
    private const string DefaultType = "service";

    /// <summary>The resource type of the root, the part before the first colon.</summary>
    public string Type => Value.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? Value[..colon] : DefaultType;

    /// <summary>The name below its type, the part after the first colon.</summary>
    public string Name => Value[(Value.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Reads what was typed: a name without ':' means <c>service:NAME</c>.</summary>
    public static ServiceName Parse(string typed) =>
        typed.Contains(':', StringComparison.Ordinal) ? new(typed) : new($"{DefaultType}:{typed}");

    /// <inheritdoc/>
    public static ServiceName FromText(string text) => Parse(text);

    /// <inheritdoc/>
    public int CompareTo(ServiceName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    public static bool operator <(ServiceName left, ServiceName right) => left.CompareTo(right) < 0;

    public static bool operator <=(ServiceName left, ServiceName right) => left.CompareTo(right) <= 0;

    public static bool operator >(ServiceName left, ServiceName right) => left.CompareTo(right) > 0;

    public static bool operator >=(ServiceName left, ServiceName right) => left.CompareTo(right) >= 0;
}
