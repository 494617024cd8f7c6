using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Quorum.Core;
using Quorate.Quorum.Service.Fencing;

namespace Quorate.Quorum.Service;

/// <summary>Answers an order about a node or the cluster, in the transaction that carried it out.</summary>
internal static class CommandAnswers
{
    /// <summary>In which order answers to commands about the whole cluster leave: among themselves.</summary>
    public const string ClusterKey = "cluster";

    public static Task PublishAsync(UnitOfWork work, string requestId, NodeName node, ResultCode result, string reason) =>
        work.Outbox.PublishAsync(Of(requestId, result, [reason]), node.Value);

    /// <summary>The answer to an order that was decided on at once: nothing was tried where it has no success.</summary>
    public static CommandAnswered Of(string requestId, ResultCode result, IReadOnlyList<string> reasons) => new()
    {
        RequestId = requestId,
        Operation = requestId,
        Result = result,
        Code = (int)result,
        IsRefused = result != ResultCode.Success,
        Reasons = reasons,
    };

    /// <summary>Answers an order that nobody can carry out or even store: with as much of it as can be stored.</summary>
    /// <returns>The fault; null, and nothing is answered, when the order is sound.</returns>
    public static async Task<string?> RefuseAsync(UnitOfWork work, string? requestId, NodeName node, Incarnation? incarnation)
    {
        if (NodeOrder.FindFault(requestId, node, incarnation) is not { } fault)
        {
            return null;
        }

        NodeName shown = new(FenceText.Plain((string?)node.Value ?? "", NodeOrder.NodeLengthMax));
        await PublishAsync(work, FenceText.Plain(requestId ?? "", NodeOrder.RequestIdLengthMax), shown, ResultCode.Invalid, fault);
        return fault;
    }

    /// <summary>The same for an order about the whole cluster.</summary>
    /// <inheritdoc cref="RefuseAsync(UnitOfWork, string?, NodeName, Incarnation?)"/>
    public static async Task<string?> RefuseAsync(UnitOfWork work, string? requestId)
    {
        if (NodeOrder.FindFault(requestId) is not { } fault)
        {
            return null;
        }

        await work.Outbox.PublishAsync(Of(FenceText.Plain(requestId ?? "", NodeOrder.RequestIdLengthMax), ResultCode.Invalid, [fault]), ClusterKey);
        return fault;
    }
}
