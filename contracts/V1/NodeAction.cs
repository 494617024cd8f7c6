using System.Text.Json.Serialization;

namespace Quorate.Contracts.V1;

/// <summary>What a scheduler asks of an executor.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<NodeAction>))]
public enum NodeAction
{
    Start,

    Stop,

    /// <summary>Say what is true: does the service run here?</summary>
    Probe,

    /// <summary>Start again what was left stopped as non-critical of a service that runs.</summary>
    Convalesce,
}
