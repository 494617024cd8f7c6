using System.Text;
using Quorate.Contracts;

namespace Quorate.Quorum.Core;

/// <summary>What makes an order about a node unusable whoever sent it. Over HTTP the scheduler asks the same before it passes one on.</summary>
public static class NodeOrder
{
    /// <summary>The longest request id, in characters, as <c>FenceNode</c> and <c>AcknowledgeFence</c> say.</summary>
    public const int RequestIdLengthMax = 200;

    /// <summary>The longest name of a node, in characters: the longest name of a host.</summary>
    public const int NodeLengthMax = 255;

    /// <summary>The fault in words; null when the order is sound. JSON may hold null where the contract says never.</summary>
    /// <param name="requestId">For the answer.</param>
    /// <param name="node">Whom it is about.</param>
    /// <param name="incarnation">Which life of it; null for the current one.</param>
    /// <remarks>PostgreSQL keeps no NUL: a message that holds one would fail at every delivery.</remarks>
    public static string? FindFault(string? requestId, NodeName node, Incarnation? incarnation) => incarnation switch
    {
        _ when FindFault(requestId) is { } fault => fault,
        _ when !IsText(node.Value, NodeLengthMax) => $"a node is 1 to {NodeLengthMax} characters, none of them a control character",
        { } life when !Admission.IsIncarnation(life) => "an incarnation is what a node list shows: letters, digits, '-', '_' and '.'",
        _ => null,
    };

    /// <summary>The same of an order about the whole cluster.</summary>
    /// <param name="requestId">For the answer.</param>
    public static string? FindFault(string? requestId) =>
        IsText(requestId, RequestIdLengthMax) ? null : $"requestId is 1 to {RequestIdLengthMax} characters, none of them a control character";

    private static bool IsText(string? text, int lengthMax) => text is { Length: > 0 } && text.Length <= lengthMax
        && text.EnumerateRunes().All(static rune => rune != Rune.ReplacementChar && !Rune.IsControl(rune));
}
