using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;

namespace Quorate.Quorum.Service;

/// <summary>Answers an order about a node, in the transaction that carried it out.</summary>
internal static class CommandAnswers
{
    public static Task PublishAsync(UnitOfWork work, string requestId, NodeName node, ResultCode result, string reason) => work.Outbox.PublishAsync(
        new CommandAnswered { RequestId = requestId, Operation = requestId, Result = result, Code = (int)result, Reasons = [reason] }, node.Value);
}
