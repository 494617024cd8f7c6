using Quorate.Contracts;
using Quorate.Hosting.Outbox;
using Quorate.Hosting.Telemetry;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// Sets a service aside whose invariant broke: better down than two owners, and better one service than all (rule S13). Whoever
/// waits for it gets an answer.
/// </summary>
internal sealed class Parking(DecisionWriter writer, MessageRaiser raiser, EvaluationSignals signals, ILogger<Parking> logger)
{
    /// <summary>Parks a service whose row is locked, raises it, and answers the commands that wait for it.</summary>
    public async Task ParkAsync(UnitOfWork uow, StoredService stored, ServiceEvent? cause, InvariantViolation broken, CancellationToken ct)
    {
        ServiceName name = stored.Record.Name;
        logger.ServiceParked(name, broken.Message);
        await ServiceStore.ParkAsync(uow, name, broken.Message, ct);
        await raiser.RaiseAsync(uow, Log.ServiceParkedId, $"{name} is parked, nothing moves it: {broken.Message}", "scheduler", name);
        foreach (string requestId in stored.Record.Journey?.RequestIds ?? [])
        {
            await RefuseAsync(uow, stored, requestId, broken.Message, isRefused: false, ct);
        }
        await SkipAsync(uow, stored with { Parked = broken.Message }, cause, ct);
    }

    /// <summary>Leaves a parked service alone; a command is told so, and what to do about it. The command to take it up again does.</summary>
    public async Task SkipAsync(UnitOfWork uow, StoredService stored, ServiceEvent? cause, CancellationToken ct)
    {
        if (cause is ServiceEvent.CommandReceived { Kind: CommandKind.Unpark } unpark)
        {
            await UnparkAsync(uow, stored, unpark.RequestId, ct);
            return;
        }
        string why = stored.Parked ?? "";
        logger.ParkedServiceSkipped(stored.Record.Name, why);
        if (cause is ServiceEvent.CommandReceived command)
        {
            await RefuseAsync(uow, stored, command.RequestId, why, isRefused: true, ct);
        }
    }

    /// <summary>The row goes on from where it stood; should the same invariant break again, it is parked again.</summary>
    private async Task UnparkAsync(UnitOfWork uow, StoredService stored, string requestId, CancellationToken ct)
    {
        ServiceName name = stored.Record.Name;
        logger.ServiceUnparked(name, stored.Parked ?? "");
        await ServiceStore.UnparkAsync(uow, name, ct);
        await writer.AnswerAsync(uow, name, new Effect.Answer(requestId, ResultCode.Success, stored.Record.Owner, [$"it is taken up again; it was parked after: {stored.Parked}"]), ct);
        uow.OnCommitted(() => signals.NeedPlacement([name]));
    }

    private Task RefuseAsync(UnitOfWork uow, StoredService stored, string requestId, string why, bool isRefused, CancellationToken ct) => writer.AnswerAsync(
        uow,
        stored.Record.Name,
        new Effect.Answer(requestId, ResultCode.Fail, stored.Record.Owner, [$"the service is parked after an internal error: {why}; once you have looked where it runs, quorate unpark takes it up again"])
        {
            IsRefused = isRefused,
        },
        ct);
}
