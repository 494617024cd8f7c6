using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>Compares the trees of one service, place by place, and notes what has to happen at each.</summary>
/// <remarks>
/// Source: rgmanager.md 2.9 (resource_tree_delta). A resource whose definition changed stops and starts with everything below it. Below one
/// that stays, children are compared by what they are, not by their order. A resource that is used twice below one parent is one place: it
/// runs once, so neither a second use nor the loss of one is a difference, and what stands below the uses is taken together.
/// </remarks>
internal sealed class TreeComparison(Func<ResourceNode, DefinitionDelta> definitions)
{
    private readonly Dictionary<ResourceNode, ResourceOperation> _down = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ResourceNode, ResourceOperation> _up = new(ReferenceEqualityComparer.Instance);

    /// <summary>What stops of a tree of the old configuration, in stop order.</summary>
    public IEnumerable<ResourceOperation> Down(ResourceNode before) =>
        ResourceOrder.Stop(before).Where(_down.ContainsKey).Select(node => _down[node]);

    /// <summary>What starts or is reconfigured of a tree of the new configuration, in start order.</summary>
    public IEnumerable<ResourceOperation> Up(ResourceNode after) =>
        ResourceOrder.Start(after).Where(_up.ContainsKey).Select(node => _up[node]);

    /// <summary>The old tree without what stops; null where its root does.</summary>
    public ResourceNode? Kept(ResourceNode before) => _down.ContainsKey(before)
        ? null
        : before with { Children = [.. before.Children.Select(Kept).OfType<ResourceNode>()] };

    /// <summary>Notes that a whole tree stops.</summary>
    public void Stop(ResourceNode node, string reason)
    {
        _down[node] = new(OperationKind.Stop, node, reason);
        foreach (ResourceNode child in node.Children)
        {
            Stop(child, $"it stands below {node.Label}, which stops");
        }
    }

    /// <summary>Notes that a whole tree starts.</summary>
    public void Start(ResourceNode node, string reason)
    {
        _up[node] = new(OperationKind.Start, node, reason);
        foreach (ResourceNode child in node.Children)
        {
            Start(child, $"it stands below {node.Label}, which starts");
        }
    }

    /// <summary>Compares two trees whose roots are the same service.</summary>
    public void Compare(ResourceNode before, ResourceNode after) => Compare([before], [after], parent: "");

    private void Compare(List<ResourceNode> before, List<ResourceNode> after, string parent)
    {
        Dictionary<(string Type, string Name), List<ResourceNode>> old = Places(before);
        Dictionary<(string Type, string Name), List<ResourceNode>> present = Places(after);
        foreach ((var place, List<ResourceNode> nodes) in old)
        {
            DefinitionDelta definition = definitions(nodes[0]);
            if (definition.NeedsStop)
            {
                nodes.ForEach(node => Stop(node, definition.Reason));
            }
            else if (!present.ContainsKey(place))
            {
                nodes.ForEach(node => Stop(node, $"it no longer stands below {parent}"));
            }
        }

        foreach ((var place, List<ResourceNode> nodes) in present)
        {
            DefinitionDelta definition = definitions(nodes[0]);
            if (definition.NeedsStart)
            {
                nodes.ForEach(node => Start(node, definition.Reason));
            }
            else if (!old.TryGetValue(place, out List<ResourceNode>? same))
            {
                nodes.ForEach(node => Start(node, $"it now stands below {parent}"));
            }
            else
            {
                Reconfigure(nodes, definition);
                Compare(Children(same), Children(nodes), nodes[0].Label);
            }
        }
    }

    private void Reconfigure(List<ResourceNode> nodes, DefinitionDelta definition)
    {
        if (definition.Kind == DeltaKind.Reconfigured)
        {
            nodes.ForEach(node => _up[node] = new(OperationKind.Reconfigure, node, definition.Reason));
        }
    }

    private static List<ResourceNode> Children(List<ResourceNode> nodes) => [.. nodes.SelectMany(node => node.Children)];

    private static Dictionary<(string Type, string Name), List<ResourceNode>> Places(List<ResourceNode> nodes) =>
        nodes.GroupBy(node => (node.Type.Name, node.Name)).ToDictionary(group => group.Key, group => group.ToList());
}
