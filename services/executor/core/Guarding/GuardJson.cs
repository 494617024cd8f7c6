using System.Text.Json.Serialization;

namespace Quorate.Executor.Core.Guarding;

/// <summary>The source-generated JSON of the protocol and of the journal: no reflection, a quick start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GuardRequest))]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(JournalEntry))]
public sealed partial class GuardJson : JsonSerializerContext;
