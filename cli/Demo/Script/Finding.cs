using System.Collections.Immutable;

namespace Quorate.Cli.Demo.Script;

/// <summary>What one look at the agents' files showed of a step.</summary>
/// <param name="Seen">What was observed, a sentence each.</param>
/// <param name="Missing">What was not, a sentence each; empty when the step was observed whole.</param>
internal sealed record Finding(ImmutableArray<string> Seen, ImmutableArray<string> Missing)
{
    /// <summary>True when nothing is missing and something was seen: a step that expects nothing observes nothing.</summary>
    public bool IsObserved => Missing.IsEmpty && !Seen.IsEmpty;

    /// <summary>Something was observed.</summary>
    public static Finding Saw(string what) => new([what], []);

    /// <summary>Something was not, yet.</summary>
    public static Finding Lacks(string what) => new([], [what]);

    /// <summary>All of them together.</summary>
    public static Finding All(IEnumerable<Finding> findings)
    {
        ImmutableArray<Finding> all = [.. findings];
        return new([.. all.SelectMany(finding => finding.Seen)], [.. all.SelectMany(finding => finding.Missing)]);
    }
}
