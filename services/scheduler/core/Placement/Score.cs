using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>How well a node suits a service by its failover domain alone.</summary>
/// <remarks>Source: rgmanager.md 1.2.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<Score>))]
public enum Score
{
    Illegal,
    Good,
    Better,
    Best,
}
