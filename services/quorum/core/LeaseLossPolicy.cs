using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core;

/// <summary>What a node is told to do when its lease runs out.</summary>
public static class LeaseLossPolicy
{
    /// <summary>The order for one node, as the configuration and the arbiter have it now.</summary>
    /// <param name="node">In <c>cluster.conf</c>. One that keeps has a fence device: the reader sees to that.</param>
    /// <param name="arbiter">Whether an operator works on the cluster.</param>
    /// <param name="configurationVersion">Of that <c>cluster.conf</c>.</param>
    public static LeaseLossOrder OrderFor(ClusterNode node, ArbiterState arbiter, int configurationVersion) => new()
    {
        OnLeaseLoss = arbiter.IsMaintenance ? OnLeaseLoss.Maintenance : node.KeepsOnLeaseLoss ? OnLeaseLoss.Keep : OnLeaseLoss.Stop,
        Era = arbiter.Era,
        MaintenanceChange = arbiter.MaintenanceChange,
        ConfigurationVersion = configurationVersion,
    };
}
