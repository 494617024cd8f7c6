using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Operations;

/// <summary>Builds the answers an executor gives.</summary>
public static class Answers
{
    /// <summary>The longest detail that is sent; what an agent said beyond it is in the node's log.</summary>
    public const int DetailMax = 2000;

    /// <summary>The answer to one order.</summary>
    public static OperationEnded To(OperateService order, OperationResult result) => new()
    {
        Service = order.Service,
        Epoch = order.Epoch,
        Attempt = order.Attempt,
        Action = order.Action,
        Node = order.Node,
        Incarnation = order.Incarnation,
        Outcome = result.Outcome,
        IsRunning = result.IsRunning,
        Resource = result.Resource,
        ExitCode = result.ExitCode,
        Detail = result.Detail.Length <= DetailMax ? result.Detail : result.Detail[..DetailMax],
    };

    /// <summary>Why the result of an operation is not known.</summary>
    public const string Interrupted = "the executor ended while the operation ran and was started again";

    /// <summary>
    /// The result of an operation that a dead executor left unfinished, once its tree was probed. It is never a success: what the
    /// agents were doing when it died is not known, and the scheduler settles it by its next epoch.
    /// </summary>
    /// <param name="probe">What the monitors say now.</param>
    public static OperationResult OfInterrupted(OperationResult probe) => probe with
    {
        Outcome = OperationOutcome.Failed,
        // It is a monitor's, and would be read as that of the start or the stop.
        ExitCode = null,
        Detail = $"{Interrupted}; {probe.Detail}",
    };
}
