using System.Text.Json.Serialization;

namespace Quorate.Executor.Guard.Journal;

/// <summary>The source-generated JSON of the guard's own files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IncarnationRecord))]
[JsonSerializable(typeof(LeaseLossRecord))]
internal sealed partial class StateJson : JsonSerializerContext;
