using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Model.Configuration;

/// <summary><c>@on_stop_failure</c>: what happens when a service could not be proven to have stopped.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<StopFailurePolicy>))]
public enum StopFailurePolicy
{
    /// <summary>It fails, and may start only where it may still run (rule S11). An operator looks at it.</summary>
    Hold,

    /// <summary>Its node is cut off by its fence devices, and it starts elsewhere; as <see cref="Hold"/> where the node has no device.</summary>
    Fence,
}
