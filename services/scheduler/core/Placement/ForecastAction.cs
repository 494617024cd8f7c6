using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What would become of one service.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<ForecastAction>))]
public enum ForecastAction
{
    /// <summary>It runs on where it runs.</summary>
    Stay,

    /// <summary>It runs nowhere, and would start.</summary>
    Start,

    /// <summary>It would stop where it runs, or is down with its node, and start on another.</summary>
    Move,

    /// <summary>It would be moved to another node while it runs.</summary>
    Migrate,

    /// <summary>It would stop and start where it runs.</summary>
    Restart,

    /// <summary>Some of its resources would stop or start where it runs.</summary>
    Adjust,

    /// <summary>It runs, and would not.</summary>
    Stop,

    /// <summary>Something has to happen first that nobody can foresee, as the end of a node that is lost.</summary>
    Wait,

    /// <summary>It runs nowhere, and would not start.</summary>
    None,
}
