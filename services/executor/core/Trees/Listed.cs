using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Trees;

/// <summary>Which actions a resource's metadata lists.</summary>
public static class Listed
{
    /// <summary>True when the action is listed at any depth; where a type lists no action at all, every one is taken to exist.</summary>
    public static bool Has(ResourceNode node, string action) =>
        node.Actions.IsDefaultOrEmpty || node.Actions.Any(row => row.Name == action);
}
