using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Executor.Service.Bus;
using Quorate.Executor.Service.Configuration;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Executor.Service.Operations;

/// <summary>Finds the tree an order names, in the configuration it names (rule S10).</summary>
internal sealed class TreeSource(ConfigurationCache configurations, IExecutorBus bus, MessageRaiser messages)
{
    /// <summary>The tree of a service in the version the order names.</summary>
    public async Task<TreeLookup> FindAsync(OperateService order, CancellationToken cancellation)
    {
        RequestConfiguration request = new() { Digest = order.ConfigurationDigest, Node = order.Node, Incarnation = order.Incarnation };
        if (await configurations.GetAsync(order.ConfigurationDigest, () => bus.Publish(request), cancellation) is not { } result)
        {
            messages.Raise(CatalogueMessage.ConfigurationUnreachable, order.Service);
            return new TreeLookup(null, $"configuration version {order.ConfigurationVersion} ({Short(order)}) is not on this node and nobody sent it: check the scheduler and the bus");
        }

        if (result.Configuration is not { } configuration)
        {
            messages.Raise(CatalogueMessage.ServicesNotLoaded, order.Service);
            return new TreeLookup(null, $"configuration version {order.ConfigurationVersion} ({Short(order)}) cannot be read: {result.Problems.FirstOrDefault()?.Text}");
        }

        if (configuration.FindService(order.Service) is not { } service)
        {
            TellNoTree(order);
            return new TreeLookup(null, $"configuration version {order.ConfigurationVersion} has no service {order.Service}");
        }

        if (FirstNotRunnable(service.Tree) is not { } node)
        {
            return new TreeLookup(service.Tree, "");
        }

        TellNoTree(order);
        return new TreeLookup(null, $"{node.Label} (line {node.Line}): it names no agent that this version can run; give an ocf resource agent=\"provider:Type\", or use one instead", node.Label);
    }

    /// <summary>Only what is to run needs the tree of a configuration: whatever runs is stopped and probed by the tree it was started with (rule S10).</summary>
    private void TellNoTree(OperateService order)
    {
        if (order.Action is NodeAction.Start or NodeAction.Receive or NodeAction.Condstart)
        {
            messages.Raise(CatalogueMessage.ResourceTreeNotBuilt, order.Service);
        }
    }

    /// <summary>What lies between a service's tree as it runs here and the one an order names.</summary>
    public async Task<ChangeLookup> FindChangeAsync(OperateService order, LocalTree local, CancellationToken cancellation)
    {
        if (local.Tree is not { } running)
        {
            return new ChangeLookup(null, null, "the journal does not say what runs of it");
        }

        TreeLookup present = await FindAsync(order, cancellation);
        if (present.Tree is not { } tree)
        {
            return new ChangeLookup(null, null, present.Problem);
        }

        TreeLookup before = await FindAsync(order with { ConfigurationDigest = local.ConfigurationDigest, ConfigurationVersion = local.ConfigurationVersion }, cancellation);
        if (before.Tree is null)
        {
            return new ChangeLookup(null, null, before.Problem);
        }

        if (configurations.Find(local.ConfigurationDigest)?.Configuration is not { } old || configurations.Find(order.ConfigurationDigest)?.Configuration is not { } wanted)
        {
            return new ChangeLookup(null, null, "a configuration that was here just now is gone; it is looked for again");
        }

        return new ChangeLookup(ConfigurationDelta.Between(old, wanted).Compare(running, tree), tree, "");
    }

    /// <summary>How often due checks are looked for under a configuration.</summary>
    public TimeSpan PollIntervalOf(string digest)
    {
        TimeSpan interval = configurations.Find(digest)?.Configuration?.ResourceManager.StatusPollInterval ?? StatusPoll.Default;
        return interval < StatusPoll.Least ? StatusPoll.Least : interval;
    }

    private static ResourceNode? FirstNotRunnable(ResourceNode node) =>
        AgentCall.For(node) is null ? node : node.Children.Select(FirstNotRunnable).OfType<ResourceNode>().FirstOrDefault();

    private static string Short(OperateService order) => order.ConfigurationDigest.Length > 12 ? order.ConfigurationDigest[..12] : order.ConfigurationDigest;
}
