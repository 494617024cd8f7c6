using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;
using Quorate.Contracts;

namespace Quorate.Tests.Unit.House.AsyncApi;

/// <summary>One example of each message with every field filled in, as it travels; the same on every run.</summary>
internal static class Samples
{
    private const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly DateTimeOffset Moment = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Indented = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = true, NewLine = "\n" };

    public static string TextOf(Type type) => JsonSerializer.Serialize(Value(type, ""), type, Indented) + "\n";

    public static JsonNode NodeOf(Type type) => JsonNode.Parse(TextOf(type))!; // never the text "null"

    /// <summary>Reads an example and writes it again.</summary>
    public static string Again(Type type, string text) => JsonSerializer.Serialize(JsonSerializer.Deserialize(text, type, Indented), type, Indented) + "\n";

    private static object Value(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => Text(name),
            _ when type == typeof(ServiceName) => new ServiceName("service:web"),
            _ when type == typeof(NodeName) => new NodeName("n2"),
            _ when type == typeof(Incarnation) => new Incarnation("3f2a9c51-1"),
            _ when type == typeof(DateTimeOffset) => name == "ExpiresAt" ? Moment + TimeSpan.FromMinutes(1) : Moment,
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(10),
            _ when type == typeof(bool) => name != "IsRefused",
            _ when type == typeof(ServiceState) => name == "From" ? ServiceState.Starting : ServiceState.Started,
            _ when type == typeof(NodeState) => NodeState.Online,
            _ when type == typeof(int) => Number(name),
            _ when type == typeof(long) => 7L,
            _ when type == typeof(ResultCode) => ResultCode.Success,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!, // an enumeration has values
            _ when type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) => Items(type.GetGenericArguments()[^1], name),
            _ => Record(type),
        };
    }

    private static int Number(string name) => name switch
    {
        "Code" => 0,
        "Last" => 20,
        "ConfigurationVersion" or "Version" => 42,
        "Number" => 33,
        _ => 3,
    };

    private static string Text(string name) => name switch
    {
        "RequestId" => "relocate-web-1",
        "Text" => "<cluster name=\"alpha\" config_version=\"42\">...</cluster>",
        "Digest" or "ConfigurationDigest" => Digest,
        "Resource" => "ip:10.0.0.1",
        "Component" => "scheduler",
        "Operation" => "6f1ed002ab5595859014ebf0951522d9",
        "Reason" => "started on n2 (best)",
        _ => $"{char.ToLowerInvariant(name.PadRight(1)[0])}{(name.Length > 0 ? name[1..] : "")} in words",
    };

    private static Array Items(Type item, string name)
    {
        Array items = Array.CreateInstance(item, 1);
        items.SetValue(item == typeof(string) ? "n1: it runs there already" : Value(item, name), 0);
        return items;
    }

    private static object Record(Type type)
    {
        // Records are made by their properties; the compiler's check of required ones does not see this.
        object record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(record, Value(property.PropertyType, property.Name));
        }
        return record;
    }
}
