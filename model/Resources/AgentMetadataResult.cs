using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>What reading an agent's metadata gave.</summary>
/// <param name="Type">Null when the text describes no usable type; the problems say why.</param>
/// <param name="Problems">What is wrong, in sentences; parts that could not be understood were left out.</param>
public sealed record AgentMetadataResult(ResourceType? Type, ImmutableArray<string> Problems);
