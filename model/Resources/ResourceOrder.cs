using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>In which order the resources of a tree start and stop.</summary>
/// <remarks>
/// Source: rgmanager.md 2.4. Children whose type has a level in the parent's child table go by level, all others after them. Starting
/// runs parent before child; stopping runs the other children first, backwards, then the levels of the stop order, and the parent last.
/// The two are not each other's mirror image: a type has a start and a stop level of its own.
/// </remarks>
public static class ResourceOrder
{
    /// <summary>Levels run from 1 to this; a child with a level for the other direction only goes with the last.</summary>
    public const int LevelMax = 100;

    /// <summary>The tree's resources in start order, the root first. A node that appears in two places appears twice.</summary>
    public static ImmutableArray<ResourceNode> Start(ResourceNode root)
    {
        ImmutableArray<ResourceNode>.Builder order = ImmutableArray.CreateBuilder<ResourceNode>();
        AddStarts(root, order);
        return order.ToImmutable();
    }

    /// <summary>The tree's resources in stop order, the root last.</summary>
    public static ImmutableArray<ResourceNode> Stop(ResourceNode root)
    {
        ImmutableArray<ResourceNode>.Builder order = ImmutableArray.CreateBuilder<ResourceNode>();
        AddStops(root, order);
        return order.ToImmutable();
    }

    private static void AddStarts(ResourceNode node, ImmutableArray<ResourceNode>.Builder order)
    {
        order.Add(node);
        (List<LevelledChild> levelled, List<ResourceNode> others) = Children(node);
        foreach (LevelledChild child in levelled.OrderBy(child => child.StartLevel).ThenBy(child => child.Row).ThenBy(child => child.Position))
        {
            AddStarts(child.Node, order);
        }

        foreach (ResourceNode child in others)
        {
            AddStarts(child, order);
        }
    }

    private static void AddStops(ResourceNode node, ImmutableArray<ResourceNode>.Builder order)
    {
        (List<LevelledChild> levelled, List<ResourceNode> others) = Children(node);
        for (int index = others.Count - 1; index >= 0; index--)
        {
            AddStops(others[index], order);
        }

        foreach (LevelledChild child in levelled.OrderBy(child => child.StopLevel).ThenBy(child => child.Row).ThenByDescending(child => child.Position))
        {
            AddStops(child.Node, order);
        }

        order.Add(node);
    }

    private static (List<LevelledChild> Levelled, List<ResourceNode> Others) Children(ResourceNode node)
    {
        List<LevelledChild> levelled = [];
        List<ResourceNode> others = [];
        ImmutableArray<ChildRule> rules = node.Type.Children;
        for (int position = 0; position < node.Children.Length; position++)
        {
            ResourceNode child = node.Children[position];
            int row = RowOf(child.Type.Name, rules);
            if (row < 0)
            {
                others.Add(child);
            }
            else
            {
                levelled.Add(new(child, row, position, LevelOrLast(rules[row].StartLevel), LevelOrLast(rules[row].StopLevel)));
            }
        }

        return (levelled, others);
    }

    /// <summary>The first row of the child table that gives the type a level; -1 when none does.</summary>
    private static int RowOf(string type, ImmutableArray<ChildRule> rules)
    {
        for (int row = 0; row < rules.Length; row++)
        {
            if (rules[row].Type == type && (rules[row].StartLevel > 0 || rules[row].StopLevel > 0))
            {
                return row;
            }
        }

        return -1;
    }

    private static int LevelOrLast(int level) => level > 0 ? level : LevelMax;

    private readonly record struct LevelledChild(ResourceNode Node, int Row, int Position, int StartLevel, int StopLevel);
}
