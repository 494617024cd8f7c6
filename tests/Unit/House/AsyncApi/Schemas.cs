using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using MassTransit.Serialization;
using Quorate.Contracts;

namespace Quorate.Tests.Unit.House.AsyncApi;

/// <summary>The JSON schemas of the contracts, with their docstrings.</summary>
internal static class Schemas
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    /// <summary>The schema of one record, whole.</summary>
    public static JsonNode Of(Type type)
    {
        JsonObject schema = SystemTextJsonMessageSerializer.Options.GetJsonSchemaAsNode(type, Options).AsObject();
        if (type.IsAssignableTo(typeof(Quorate.Contracts.V1.ICommand)) && schema["properties"] is JsonObject properties)
        {
            properties["contractVersion"] = new JsonObject { ["const"] = 1, ["description"] = "The version of the contracts; another one is refused (#38). May be left out." };
        }
        return schema;
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        JsonObject node = IsText(type) ? new JsonObject { ["type"] = "string", ["minLength"] = 1 } : schema as JsonObject ?? [];
        bool isNullable = type != context.TypeInfo.Type;
        if (IsText(type) && isNullable)
        {
            node["type"] = new JsonArray("string", "null");
        }
        string description = context.PropertyInfo?.AttributeProvider is PropertyInfo property
            ? Summaries.Of(context.PropertyInfo.DeclaringType, property)
            : Summaries.Of(type);
        if (description.Length > 0)
        {
            node["description"] = description;
        }
        return node;
    }

    private static bool IsText(Type type) => type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IText<>));
}
