using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Model.Configuration;

/// <summary>What happens when a running service fails.</summary>
/// <remarks>Source: rgmanager.md 3.6.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<RecoveryPolicy>))]
public enum RecoveryPolicy
{
    /// <summary>Start again on the same node; elsewhere once the restarts are used up.</summary>
    Restart,

    /// <summary>Start on another node.</summary>
    Relocate,

    /// <summary>Stop and stay off.</summary>
    Disable,

    /// <summary>Start again on the same node; stay off once the restarts are used up.</summary>
    RestartDisable,
}
