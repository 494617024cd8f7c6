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

    /// <summary>Expect the service to arrive by migration: from then on it may run here. Nothing is started.</summary>
    Receive,

    /// <summary>Have the service's agent move it to another node while it runs, and prove that it runs here no more.</summary>
    Migrate,

    /// <summary>Stop, of a service that runs and goes on running, what the named configuration no longer has as it is.</summary>
    Condstop,

    /// <summary>Start, or have taken over, what the named configuration has of it that does not run so; from then on it runs by that one.</summary>
    Condstart,
}
