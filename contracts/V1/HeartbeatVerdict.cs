using System.Text.Json.Serialization;

namespace Quorate.Contracts.V1;

/// <summary>What a heartbeat earned.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<HeartbeatVerdict>))]
public enum HeartbeatVerdict
{
    /// <summary>A lease: services may run for ttl from the moment this heartbeat was sent (rule S2).</summary>
    Granted,

    /// <summary>The node counts as present (it votes); it has no permission to run, since the cluster is not quorate (rule S1).</summary>
    Present,

    /// <summary>Not admitted; <see cref="HeartbeatAnswer.Reason"/> says why. This incarnation must run nothing.</summary>
    Refused,
}
