using Quorate.Contracts;

namespace Quorate.Quorum.Service;

/// <summary>The name of an incarnation's own queue (rule S5), as its executor declares it.</summary>
internal static class ExecutorQueue
{
    /// <summary><c>executor.NODE.INCARNATION</c>; the node in lower case, anything but a-z 0-9 - _ . replaced by '-'.</summary>
    public static string NameOf(NodeName node, Incarnation incarnation) => $"executor.{Clean(node.Value)}.{Clean(incarnation.Value)}";

    private static string Clean(string text) =>
        string.Concat(text.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.' ? c : '-'));
}
