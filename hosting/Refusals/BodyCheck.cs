using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using MassTransit.Serialization;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;

namespace Quorate.Hosting.Refusals;

/// <summary>
/// Says what is wrong with a message from outside before anybody works on it: no JSON (#37), another version of the contracts (#38), a type
/// that does not exist, or fields that are missing or wrong (#39). Unknown fields are tolerated.
/// </summary>
/// <remarks>Source: rgmanager's #37 to #39, which its daemons said when a request came incomplete or with a foreign magic number.</remarks>
internal static partial class BodyCheck
{
    /// <summary>The version of the contracts: the number in their namespace, and of the field <c>contractVersion</c>, which may be left out.</summary>
    public const int Version = 1;

    /// <summary>The longest body, in bytes; any cluster.conf is far shorter.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    private const int RequestIdLengthMax = 200;

    /// <summary>What a decoder puts where it could not read: two names that differ only there would be one.</summary>
    private const char ReplacementCharacter = '\uFFFD';

    private const string VersionField = "contractVersion";
    private const string UrnPrefix = "urn:message:";

    private static readonly FrozenDictionary<string, Type> Types = typeof(ICommand).Assembly.GetExportedTypes()
        .Where(static type => type.Namespace == typeof(ICommand).Namespace && !type.IsInterface)
        .ToFrozenDictionary(static type => $"{UrnPrefix}{type.Namespace}:{type.Name}", StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Names = new[]
    {
        nameof(ICommand.RequestId), nameof(IServiceCommand.Service), nameof(IServiceCommand.Node), nameof(FenceNode.Incarnation),
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> RequiredOf = new();

    /// <summary>Reads a body as JSON.</summary>
    /// <exception cref="BodyRefusedException">#37.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0)
        {
            throw new BodyRefusedException(CatalogueMessage.MessageHeaderNotReceived, "the body is empty: send a JSON object");
        }
        if (body.Length > BytesMax)
        {
            throw new BodyRefusedException(CatalogueMessage.MessageIncomplete, $"the body has {body.Length} bytes, the most is {BytesMax}");
        }
        if (!Utf8.IsValid(body))
        {
            throw new BodyRefusedException(CatalogueMessage.MessageHeaderNotReceived, "the body is no JSON: it is not written in UTF-8");
        }
        try
        {
            JsonElement content = JsonSerializer.Deserialize<JsonElement>(body, SystemTextJsonMessageSerializer.Options);
            if (content.ValueKind != JsonValueKind.Object)
            {
                throw new BodyRefusedException(CatalogueMessage.MessageIncomplete, "the body is JSON but no object: send {...}");
            }
            RequireNoTwins(content);
            return content;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new BodyRefusedException(
                CatalogueMessage.MessageHeaderNotReceived, $"the body is no JSON, or was cut short: {failure.Message}");
        }
    }

    /// <summary>Refuses what says to be of another version, or of no type of ours.</summary>
    /// <param name="urns">What the message says it is: at least one must be known.</param>
    /// <exception cref="BodyRefusedException">#38 or #39.</exception>
    public static void RequireKnown(IReadOnlyList<string> urns)
    {
        if (urns.Count == 0)
        {
            throw new BodyRefusedException(
                CatalogueMessage.MessageIncomplete,
                "nothing says what type of message this is: publish it to the exchange of its type, as EnableService, or set the header "
                + $"MT-MessageType to {UrnPrefix}{typeof(ICommand).Namespace}:TYPE");
        }
        // What is not ours at all (a fault, a ping of the bus itself) is for the bus to judge.
        if (urns.Any(static urn => Types.ContainsKey(urn) || !urn.StartsWith($"{UrnPrefix}Quorate.Contracts.", StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }
        if (ForeignVersion().Match(urns[0]) is { Success: true } foreign && foreign.Groups[1].Value != $"{Version}")
        {
            throw Foreign(foreign.Groups[1].Value);
        }
        throw new BodyRefusedException(CatalogueMessage.MessageIncomplete, $"there is no message '{urns[0]}'; docs/asyncapi.yaml lists those there are");
    }

    /// <summary>
    /// Refuses a message of ours that came through any exchange but that of its type: who may publish to an exchange is decided by the
    /// exchange's name, and must not reach what listens to another type, neither directly nor by an exchange bound to it. What was sent
    /// to the queue itself came from one who may write to every queue.
    /// </summary>
    /// <param name="origin">The way it came.</param>
    /// <param name="urns">What the message says it is.</param>
    /// <exception cref="ForeignMessageException">#39.</exception>
    public static void RequireSame(MessageOrigin origin, IReadOnlyList<string> urns)
    {
        if (origin is { Urn: null, IsForeign: false })
        {
            return;
        }
        if (urns.FirstOrDefault(urn => !urn.Equals(origin.Urn, StringComparison.OrdinalIgnoreCase) && Types.ContainsKey(urn)) is { } other)
        {
            throw new ForeignMessageException(
                $"the message says that it is '{Shortened(other)}' and was published to the exchange '{Shortened(origin.Exchange)}': "
                + "publish it to the exchange of its own type");
        }
    }

    /// <summary>Refuses a command or a query that is not whole. Our own services' other messages are not read twice for it.</summary>
    /// <exception cref="BodyRefusedException">#38 or #39.</exception>
    public static void RequireWhole(IEnumerable<string> urns, JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new BodyRefusedException(CatalogueMessage.MessageIncomplete, "the message is JSON but no object: send {...}");
        }
        try
        {
            RequireNoTwins(message);
            RequireVersion(message);
            foreach (string urn in urns)
            {
                if (Types.GetValueOrDefault(urn) is { } type && (type.IsAssignableTo(typeof(ICommand)) || type.IsAssignableTo(typeof(IQuery))))
                {
                    RequireType(message, type);
                }
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape: JSON allows it, no text can hold it.
            throw new BodyRefusedException(CatalogueMessage.MessageIncomplete, "it has a text that is no Unicode");
        }
    }

    /// <summary>
    /// Two fields of one name, capitals aside, are read differently by different readers: what was looked at would not be what is done.
    /// </summary>
    private static void RequireNoTwins(JsonElement content)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty field in content.EnumerateObject())
        {
            if (!names.Add(field.Name))
            {
                throw new BodyRefusedException(
                    CatalogueMessage.MessageIncomplete, $"the field '{Shortened(field.Name)}' is there twice (capitals make no difference): send it once");
            }
        }
    }

    private static void RequireType(JsonElement message, Type type)
    {
        try
        {
            object? command = message.Deserialize(type, SystemTextJsonMessageSerializer.Options);
            RequireId(command);
            if (Array.Find(RequiredOf.GetOrAdd(type, FindRequired), property => property.GetValue(command) is null) is { } missing)
            {
                throw NotWhole(type, $"missing: {JsonNamingPolicy.CamelCase.ConvertName(missing.Name)} (it is null)");
            }
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw NotWhole(type, SentenceOf(failure));
        }
        RequireText(message, type);
    }

    private static void RequireId(object? command)
    {
        if (command is ICommand { RequestId.Length: 0 or > RequestIdLengthMax })
        {
            throw NotWhole(command.GetType(), $"requestId must have 1 to {RequestIdLengthMax} characters");
        }
    }

    /// <summary>What cannot be stored or shown is no name: PostgreSQL keeps no NUL, and a terminal obeys control characters. Other texts may have lines.</summary>
    private static void RequireText(JsonElement message, Type type)
    {
        foreach (JsonProperty field in message.EnumerateObject().Where(static field => field.Value.ValueKind == JsonValueKind.String))
        {
            bool isName = Names.Contains(field.Name);
            if (field.Value.GetString()!.Any(c => c == '\0' || (isName && (char.IsControl(c) || c == ReplacementCharacter))))
            {
                throw NotWhole(type, $"'{Shortened(field.Name)}' has control characters, or such as could not be read, which no name may have");
            }
        }
    }

    private static BodyRefusedException NotWhole(Type type, string what) => new(CatalogueMessage.MessageIncomplete, $"{type.Name}: {what}")
    {
        IsCommand = type.IsAssignableTo(typeof(ICommand)),
    };

    private static PropertyInfo[] FindRequired(Type type) =>
        [.. type.GetProperties().Where(static property => property.IsDefined(typeof(RequiredMemberAttribute)))];

    private static void RequireVersion(JsonElement message)
    {
        foreach (JsonProperty field in message.EnumerateObject())
        {
            if (field.Name.Equals(VersionField, StringComparison.OrdinalIgnoreCase)
                && !(field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out int version) && version == Version))
            {
                throw Foreign(field.Value.ToString());
            }
        }
    }

    private static BodyRefusedException Foreign(string version) => new(
        CatalogueMessage.MessageMagicInvalid, $"this cluster speaks version {Version} of the contracts, the message is of version {Shortened(version)}")
    {
        ForeignVersion = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null,
    };

    /// <summary>The framework's sentence about a field without the names of our types.</summary>
    private static string SentenceOf(Exception failure)
    {
        if (MissingFields().Match(failure.Message) is { Success: true } missing)
        {
            return $"missing: {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal).TrimEnd('.')}";
        }
        string path = (failure as JsonException)?.Path is { Length: > 2 } at ? at[2..] : "";
        return path.Length == 0 ? "it has values that cannot be read" : $"'{Shortened(path)}' has a value that cannot be read: {KindOf(failure)}";
    }

    private static string KindOf(Exception failure) => WantedType().Match(failure.Message) is { Success: true } wanted
        ? $"expected {WantedText(wanted.Groups[1].Value)}"
        : Shortened(failure.Message);

    private static string WantedText(string type) => type switch
    {
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("DateTime", StringComparison.Ordinal) => "an instant as 2026-01-31T12:00:00Z",
        _ => "a text",
    };

    private static string Shortened(string text)
    {
        const int LengthMax = 100;
        string plain = new([.. text.Where(static c => !char.IsControl(c))]);
        return plain.Length <= LengthMax ? plain : plain[..LengthMax] + "...";
    }

    [GeneratedRegex(@"Quorate\.Contracts\.V(\d{1,9}):")]
    private static partial Regex ForeignVersion();

    [GeneratedRegex(@"missing required propert(?:y|ies)[^:]*: (.+)$")]
    private static partial Regex MissingFields();

    [GeneratedRegex(@"could not be converted to ([\w.\[\]`, ]+)\. Path")]
    private static partial Regex WantedType();
}
