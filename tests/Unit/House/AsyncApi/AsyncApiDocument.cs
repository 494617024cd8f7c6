using System.Text.Json.Nodes;
using Quorate.Contracts.V1;

namespace Quorate.Tests.Unit.House.AsyncApi;

/// <summary>The interface of the bus in AsyncAPI 3, from the contracts: commands and queries that we receive, answers and events that we send.</summary>
internal static class AsyncApiDocument
{
    private const string Json = "application/json";
    private const string Answers = "answers";
    private const string Introduction =
        "Commands and queries are plain JSON, published to the exchange of their name (behind the bus prefix of the cluster, when it has one) with "
        + "any routing key. Give reply_to a queue of your own, or amq.rabbitmq.reply-to, and the answer comes there as plain JSON with your "
        + "correlation_id; its AMQP type is the name of the message. correlation_id and message_id are optional. A command is idempotent by requestId: "
        + "sent again it changes nothing and gets the same answer. expiresAt, and the expiration of AMQP, are honoured. Unknown fields are ignored. What "
        + "cannot be understood is answered with the reason, raised as #37, #38 or #39, and kept in the error queue. Events come in MassTransit's "
        + "envelope: read the field message. Declare your queue and its bindings with each connection: a broker that loses its power forgets "
        + "what was declared in the last seconds before.";

    public static JsonObject Make()
    {
        JsonObject channels = [];
        JsonObject operations = [];
        foreach (Type command in Contracts.Commands)
        {
            AddRequest(channels, operations, command, [typeof(CommandAnswered)]);
        }
        foreach (Type query in Contracts.Queries)
        {
            AddRequest(channels, operations, query, Contracts.AnswersTo(query));
        }
        Type[] answers = [typeof(CommandAnswered), .. Contracts.Queries.SelectMany(Contracts.AnswersTo).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal)];
        channels[Answers] = new JsonObject
        {
            ["address"] = null,
            ["title"] = "The queue named in reply_to",
            ["messages"] = References(answers, type => $"#/components/messages/{type.Name}"),
        };
        foreach (Type told in Contracts.Events)
        {
            string channel = $"{told.Name}Event";
            channels[channel] = Channel(told, $"#/components/messages/{channel}", channel);
            operations[channel] = new JsonObject { ["action"] = "send", ["channel"] = Reference($"#/channels/{channel}"), ["summary"] = Summaries.Of(told) };
        }
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Quorate", ["version"] = "1.0.0", ["description"] = Introduction },
            ["defaultContentType"] = Json,
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = Messages(answers), ["schemas"] = AllSchemas(answers) },
        };
    }

    private static void AddRequest(JsonObject channels, JsonObject operations, Type request, IReadOnlyList<Type> answers)
    {
        channels[request.Name] = Channel(request, $"#/components/messages/{request.Name}", request.Name);
        operations[request.Name] = new JsonObject
        {
            ["action"] = "receive",
            ["channel"] = Reference($"#/channels/{request.Name}"),
            ["summary"] = Summaries.Of(request),
            ["reply"] = new JsonObject
            {
                ["address"] = new JsonObject { ["location"] = "$message.header#/replyTo" },
                ["channel"] = Reference($"#/channels/{Answers}"),
                ["messages"] = new JsonArray([.. answers.Select(answer => (JsonNode)Reference($"#/channels/{Answers}/messages/{answer.Name}"))]),
            },
        };
    }

    private static JsonObject Channel(Type message, string reference, string key) => new()
    {
        ["address"] = message.Name,
        ["messages"] = new JsonObject { [key] = Reference(reference) },
        ["bindings"] = new JsonObject
        {
            ["amqp"] = new JsonObject
            {
                ["is"] = "routingKey",
                ["exchange"] = new JsonObject { ["name"] = message.Name, ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false },
                ["bindingVersion"] = "0.3.0",
            },
        },
    };

    private static JsonObject Messages(IReadOnlyList<Type> answers)
    {
        JsonObject messages = [];
        foreach (Type type in Contracts.Commands.Concat(Contracts.Queries).Concat(answers))
        {
            messages[type.Name] = Message(type, Json, Reference($"#/components/schemas/{type.Name}"), Samples.NodeOf(type));
        }
        foreach (Type type in Contracts.Events)
        {
            JsonObject envelope = new()
            {
                ["type"] = "object",
                ["required"] = new JsonArray("messageType", "message"),
                ["properties"] = new JsonObject
                {
                    ["messageId"] = new JsonObject { ["type"] = "string" },
                    ["messageType"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
                    ["message"] = Reference($"#/components/schemas/{type.Name}"),
                },
            };
            JsonObject example = new() { ["messageType"] = new JsonArray($"urn:message:{type.Namespace}:{type.Name}"), ["message"] = Samples.NodeOf(type) };
            messages[$"{type.Name}Event"] = Message(type, "application/vnd.masstransit+json", envelope, example);
        }
        return messages;
    }

    private static JsonObject Message(Type type, string contentType, JsonObject payload, JsonNode example) => new()
    {
        ["name"] = type.Name,
        ["summary"] = Summaries.Of(type),
        ["contentType"] = contentType,
        ["payload"] = payload,
        ["examples"] = new JsonArray(new JsonObject { ["payload"] = example }),
    };

    private static JsonObject AllSchemas(IReadOnlyList<Type> answers)
    {
        JsonObject schemas = [];
        foreach (Type type in Contracts.Commands.Concat(Contracts.Queries).Concat(answers).Concat(Contracts.Events).Distinct())
        {
            schemas[type.Name] = Schemas.Of(type);
        }
        return schemas;
    }

    private static JsonObject References(IEnumerable<Type> types, Func<Type, string> to)
    {
        JsonObject references = [];
        foreach (Type type in types)
        {
            references[type.Name] = Reference(to(type));
        }
        return references;
    }

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };
}
