using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Faces.Clusvcadm;

/// <summary>The member that was meant by what was typed.</summary>
/// <param name="Member">Its name; null when there is none, or more than one.</param>
/// <param name="Lines">What to say about a name that was only guessed, or not at all.</param>
internal sealed record MemberName(NodeName? Member, IReadOnlyList<string> Lines)
{
    /// <summary>Finds a member by its name, or by the longest beginning of one that is as typed.</summary>
    /// <remarks>Source: rgmanager.md 5.1, "Unknown member".</remarks>
    public static MemberName Find(string typed, IReadOnlyList<NodeView> nodes)
    {
        if (nodes.Any(node => node.Name.Value == typed))
        {
            return new MemberName(new NodeName(typed), []);
        }

        string unknown = $"'{typed}' not in membership list";
        NodeName[] close = [.. nodes.Select(node => node.Name).Where(name => name.Value.StartsWith(typed, StringComparison.Ordinal))];
        return close switch
        {
            [var match] => new MemberName(match, [unknown, $"Closest match: '{match}'"]),
            [] => new MemberName(null, [unknown, $"No matches for '{typed}' found"]),
            _ => new MemberName(null, [unknown, $"More than one possible match for '{typed}' found"]),
        };
    }
}
