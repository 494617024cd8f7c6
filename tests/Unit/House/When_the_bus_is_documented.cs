using System.Text.Json;
using System.Text.Json.Nodes;
using Quorate.Tests.Unit.House.AsyncApi;
using YamlDotNet.Serialization;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// docs/asyncapi.yaml and the examples in tests/Unit/House/golden are made from the contracts; nobody writes them by hand.
/// <c>QUORATE_REWRITE=1</c> writes them anew: read the difference, a changed example is a message that others cannot read any more.
/// </summary>
public sealed class When_the_bus_is_documented
{
    private const string Head = "# Generated from the contracts by the test When_the_bus_is_documented; not written by hand.\n";

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "asyncapi.yaml");
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "Unit", "House", "golden");

    private static bool IsRewrite => Environment.GetEnvironmentVariable("QUORATE_REWRITE") == "1";

    public static TheoryData<string> Messages => [.. AsyncApi.Contracts.All.Select(type => type.Name)];

    [Fact]
    public void The_document_says_what_the_contracts_say()
    {
        string now = Head + Yaml(AsyncApiDocument.Make());
        if (IsRewrite)
        {
            File.WriteAllText(Document, now);
        }

        Assert.Equal(now, File.Exists(Document) ? File.ReadAllText(Document).ReplaceLineEndings("\n") : "");
    }

    [Fact]
    public void Every_reference_in_it_leads_somewhere()
    {
        JsonObject document = AsyncApiDocument.Make();

        Assert.All(References(document), reference => Assert.NotNull(Find(document, reference)));
    }

    [Fact]
    public void Every_message_and_every_field_of_a_command_says_what_it_is()
    {
        JsonObject schemas = AsyncApiDocument.Make()["components"]!["schemas"]!.AsObject();

        Assert.All(AsyncApi.Contracts.Commands.Concat(AsyncApi.Contracts.Queries).Concat(AsyncApi.Contracts.Events), type =>
            Assert.False(string.IsNullOrEmpty(Summaries.Of(type)), $"{type.Name} has no summary"));
        Assert.All(AsyncApi.Contracts.Commands.Concat(AsyncApi.Contracts.Queries), type => Assert.All(
            schemas[type.Name]!["properties"]?.AsObject() ?? [],
            field => Assert.False(string.IsNullOrEmpty(field.Value!["description"]?.GetValue<string>()), $"{type.Name}.{field.Key} has no summary")));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_example_of_each_message_is_read_and_written_as_it_is_pinned(string name)
    {
        Type type = AsyncApi.Contracts.All.Single(one => one.Name == name);
        string file = Path.Combine(Golden, $"{name}.json");
        if (IsRewrite)
        {
            Directory.CreateDirectory(Golden);
            File.WriteAllText(file, Samples.TextOf(type));
        }

        string pinned = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.Equal(pinned, Samples.TextOf(type));
        Assert.Equal(pinned, Samples.Again(type, pinned));
    }

    [Fact]
    public void No_example_is_left_of_a_message_that_is_no_more() => Assert.Equal(
        AsyncApi.Contracts.All.Select(type => type.Name), Directory.EnumerateFiles(Golden).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    private static string Yaml(JsonNode document) =>
        new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(Plain(document)!).ReplaceLineEndings("\n"); // an object, not null

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject fields => fields.ToDictionary(field => field.Key, field => Plain(field.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number => (object)long.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        },
    };

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Key == "$ref" ? [field.Value!.GetValue<string>()] : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Find(JsonNode? document, string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (node, part) => node is JsonArray items ? items[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node?[part]);
}
