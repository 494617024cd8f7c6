using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Quorate.Hosting.Telemetry.Tracing;

/// <summary>
/// Which traces begin. The rhythm of a cluster (heartbeats, their answers, beats of the database, inventories, probes of the bus) would bury
/// the few that somebody looks for; whatever has a cause is recorded.
/// </summary>
internal sealed class RootSampler : Sampler
{
    /// <summary>Messages that are said again all the time.</summary>
    private static readonly string[] Rhythm = ["NodeHeartbeat", "HeartbeatAnswer", "NodeInventory", "ArbiterSeen", "BusPing", "MembershipChanged", "RequestMembership"];

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(IsRoutine(samplingParameters.Kind, samplingParameters.Name) ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);

    /// <summary>True for a root that nothing led to: a statement or a request by itself, or one of the rhythm's messages.</summary>
    public static bool IsRoutine(ActivityKind kind, string name) =>
        kind is ActivityKind.Client or ActivityKind.Server || (kind != ActivityKind.Internal && Rhythm.Any(message => name.Contains(message, StringComparison.Ordinal)));
}
