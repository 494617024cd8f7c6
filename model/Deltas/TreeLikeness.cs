using Quorate.Model.Resources;

namespace Quorate.Model.Deltas;

/// <summary>Whether two trees are run alike: the same agents, values, checks and policies, wherever they stand in their files.</summary>
/// <remarks>
/// Two trees may differ without that anything stops or starts: overrides of actions, attributes that begin with <c>__</c>, inherited values. They
/// take effect when the new tree takes the place of the old one. Source: rgmanager.md 2.9.
/// </remarks>
public static class TreeLikeness
{
    /// <summary>True where running one is running the other.</summary>
    public static bool AreAlike(ResourceNode left, ResourceNode right) =>
        ReferenceEquals(left, right)
        || (left.Type.Name == right.Type.Name && left.Name == right.Name
            && left.EnforceTimeouts == right.EnforceTimeouts && left.Independence == right.Independence
            && left.InlineRestarts == right.InlineRestarts && left.ToleratedFailures == right.ToleratedFailures
            && left.Attributes.SequenceEqual(right.Attributes) && left.Actions.SequenceEqual(right.Actions)
            && left.Children.Length == right.Children.Length
            && left.Children.Zip(right.Children).All(pair => AreAlike(pair.First, pair.Second)));
}
