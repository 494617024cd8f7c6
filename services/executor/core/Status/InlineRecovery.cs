using System.Collections.Immutable;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Status;

/// <summary>
/// What a failed check of one resource leads to on its node: nothing yet, a repair of the resource or of its subtree, or the recovery
/// of the whole service, which the scheduler decides. Pure; what it has counted lives as long as the service runs.
/// </summary>
/// <remarks>Source: rgmanager.md 1.6, 2.7 and 2.8; scenarios 9, 12, 13, 14 and 16.</remarks>
public sealed record InlineRecovery
{
    private const string Root = "0";

    private readonly ResourceNode _tree;

    private InlineRecovery(ResourceNode tree) => _tree = tree;

    /// <summary>When which subtree was restarted, or which resource's failure was tolerated, by its path and newest last; at most the windows' sizes.</summary>
    private ImmutableDictionary<string, ImmutableArray<long>> Times { get; init; } = ImmutableDictionary<string, ImmutableArray<long>>.Empty;

    /// <summary>Paths of the non-critical subtrees that were left stopped.</summary>
    public ImmutableSortedSet<string> Quiesced { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>True while something of the service is left stopped.</summary>
    public bool IsPartial => !Quiesced.IsEmpty;

    /// <summary>For a service that was just started: nothing has failed.</summary>
    public static InlineRecovery Of(ResourceNode tree) => new(tree);

    /// <summary>The roots of what was left stopped, as <c>type:name</c>.</summary>
    public ImmutableArray<string> LeftStopped => [.. Places(new Place(_tree, Root)).Where(place => Quiesced.Contains(place.Path)).Select(place => place.Node.Label).Distinct()];

    /// <summary>Every resource that was left stopped, those below the roots too, as <c>type:name</c>.</summary>
    public ImmutableHashSet<string> NotExpected =>
        [.. Places(new Place(_tree, Root)).Where(place => Quiesced.Contains(place.Path)).SelectMany(place => ResourceOrder.Start(place.Node)).Select(node => node.Label)];

    /// <summary>The same for a service of which some was left stopped before; what is not in its tree, or is critical now, is expected to run.</summary>
    /// <param name="labels">As <see cref="LeftStopped"/> gave them, perhaps for an older tree.</param>
    public InlineRecovery Without(IReadOnlyCollection<string> labels) => this with
    {
        Quiesced = [.. Places(new Place(_tree, Root)).Where(place => place.Node.Independence == Independence.NonCritical && labels.Contains(place.Node.Label)).Select(place => place.Path)],
    };

    /// <summary>True when the resource at a step belongs to a subtree that was left stopped: it is not checked.</summary>
    /// <param name="step">Its place in start order, from 0.</param>
    public bool IsQuiesced(int step) => Quiesced.Count > 0 && WayTo(step).Any(place => Quiesced.Contains(place.Path));

    /// <summary>What a failed check leads to.</summary>
    /// <param name="step">The resource's place in start order, from 0.</param>
    /// <param name="now">Milliseconds of CLOCK_BOOTTIME.</param>
    /// <returns>The step, and the counts as they are then.</returns>
    public (InlineStep Step, InlineRecovery Next) Failed(int step, long now)
    {
        ImmutableArray<Place> way = WayTo(step);
        Place failed = way[^1];
        if (failed.Node.ToleratedFailures is { } tolerated && Within(failed.Path + "#", tolerated, now) is { Length: var count } && count < tolerated.Max)
        {
            return (new InlineStep.Tolerate(count + 1, tolerated.Max), Count(failed.Path + "#", tolerated, now));
        }

        bool canRecover = failed.Node.Actions.Any(action => action.Name == "recover");
        return canRecover ? (new InlineStep.Recover(failed.Node), this) : FailedAfterRecover(step, now);
    }

    /// <summary>The same once the resource's own <c>recover</c> has failed, or where it has none.</summary>
    public (InlineStep Step, InlineRecovery Next) FailedAfterRecover(int step, long now)
    {
        ImmutableArray<Place> way = WayTo(step);
        if (way.LastOrDefault(place => place.Node.Independence != Independence.None) is not { Node: { } } subtree)
        {
            return (new InlineStep.Fail("it is part of the whole service"), this);
        }

        bool isNonCritical = subtree.Node.Independence == Independence.NonCritical;
        if (subtree.Node.InlineRestarts is not { } window)
        {
            return isNonCritical
                ? (new InlineStep.Quiesce(subtree.Node), this with { Quiesced = Quiesced.Add(subtree.Path) })
                : (new InlineStep.Restart(subtree.Node, 0, 0), this);
        }

        int restarts = Within(subtree.Path, window, now).Length;
        if (restarts < window.Max)
        {
            return (new InlineStep.Restart(subtree.Node, restarts + 1, window.Max), Count(subtree.Path, window, now));
        }

        InlineRecovery cleared = this with { Times = Times.Remove(subtree.Path) };
        return isNonCritical
            ? (new InlineStep.Quiesce(subtree.Node), cleared with { Quiesced = Quiesced.Add(subtree.Path) })
            : (new InlineStep.Fail($"{subtree.Node.Label} was restarted {window.Max} times within {window.Within.TotalSeconds} s"), cleared);
    }

    /// <summary>The subtrees that were left stopped, in start order, each with the state once it and those before it run again.</summary>
    public ImmutableArray<(ResourceNode Subtree, InlineRecovery Next)> Convalesce()
    {
        ImmutableArray<(ResourceNode, InlineRecovery)>.Builder steps = ImmutableArray.CreateBuilder<(ResourceNode, InlineRecovery)>();
        InlineRecovery next = this;
        foreach (Place place in Enumerable.Range(0, ResourceOrder.Start(_tree).Length).Select(step => WayTo(step)[^1]).Where(place => Quiesced.Contains(place.Path)))
        {
            next = next with { Quiesced = next.Quiesced.Remove(place.Path), Times = next.Times.Remove(place.Path) };
            steps.Add((place.Node, next));
        }

        return steps.ToImmutable();
    }

    private ImmutableArray<long> Within(string path, FailureWindow window, long now) =>
        [.. Times.GetValueOrDefault(path, []).Where(time => now - time < (long)window.Within.TotalMilliseconds)];

    private InlineRecovery Count(string path, FailureWindow window, long now) =>
        this with { Times = Times.SetItem(path, Within(path, window, now).Add(now)) };

    /// <summary>From the root to the resource at a step. A shared resource stands in several places, and each has a way of its own.</summary>
    private ImmutableArray<Place> WayTo(int step)
    {
        ResourceNode sought = ResourceOrder.Start(_tree)[step];
        Stack<Place> way = new();
        return Find(new Place(_tree, Root), sought, way) ? [.. way.Reverse()] : throw new ArgumentOutOfRangeException(nameof(step), step, "no resource of this tree");
    }

    private static IEnumerable<Place> Places(Place at) =>
        at.Node.Children.SelectMany((child, index) => Places(new Place(child, $"{at.Path}.{index}"))).Prepend(at);

    private static bool Find(Place at, ResourceNode sought, Stack<Place> way)
    {
        way.Push(at);
        if (ReferenceEquals(at.Node, sought))
        {
            return true;
        }

        for (int index = 0; index < at.Node.Children.Length; index++)
        {
            if (Find(new Place(at.Node.Children[index], $"{at.Path}.{index}"), sought, way))
            {
                return true;
            }
        }

        way.Pop();
        return false;
    }

    private readonly record struct Place(ResourceNode Node, string Path);
}
