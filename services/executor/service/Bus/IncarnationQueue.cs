using Quorate.Contracts;

namespace Quorate.Executor.Service.Bus;

/// <summary>The name of an incarnation's own queue, <c>executor.{node}.{incarnation}</c> (rule S5).</summary>
internal static class IncarnationQueue
{
    /// <summary>The name; letters are lowered, and what may not stand in a queue's name becomes '-'.</summary>
    public static string NameOf(NodeName node, Incarnation incarnation) => $"executor.{Sanitized(node.Value)}.{Sanitized(incarnation.Value)}";

    private static string Sanitized(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (int index = 0; index < span.Length; index++)
        {
            char letter = char.ToLowerInvariant(source[index]);
            span[index] = char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-';
        }
    });
}
