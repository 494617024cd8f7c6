using System.Text.Json.Serialization;

namespace Quorate.Contracts.V1;

/// <summary>How an operation on a node ended.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<OperationOutcome>))]
public enum OperationOutcome
{
    /// <summary>Start: every resource started. Stop: every resource proven stopped by its monitor (rule S9). Probe: see <see cref="OperationEnded.IsRunning"/>.</summary>
    Succeeded,

    /// <summary>A resource said no; the tree may be half started, or not proven stopped.</summary>
    Failed,

    /// <summary>Not tried: wrong incarnation, an old epoch, no valid lease, unknown configuration (rule S8). Nothing was changed.</summary>
    Refused,
}
