using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Outbox;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Puts a configuration into force that came over the bus.</summary>
internal sealed class ApplyConfigurationConsumer(ConfigurationChange change) : InboxConsumer<ApplyConfiguration>
{
    public override async Task HandleAsync(ApplyConfiguration message, Delivery delivery, UnitOfWork work, CancellationToken cancellationToken)
    {
        if (ConfigurationApi.FaultOf(message) is { } fault)
        {
            await work.Outbox.PublishAsync(Refused(message, fault), CommandIntake.Cluster);
            return;
        }
        (OperationRow row, bool isRepeated) = await change.ApplyAsync(work, message, cancellationToken);
        if (row.Command != ConfigurationChange.Command)
        {
            await work.Outbox.PublishAsync(Refused(message, CommandIntake.UsedForAnother(row)), CommandIntake.Cluster);
        }
        else if (isRepeated && OperationStore.AnswerIn(row) is { } answer)
        {
            // Whoever sends it again waits for the answer again.
            await work.Outbox.PublishAsync(answer, CommandIntake.Cluster);
        }
    }

    private static CommandAnswered Refused(ApplyConfiguration message, string reason) => new()
    {
        RequestId = message.RequestId,
        Operation = "",
        Result = Contracts.ResultCode.Invalid,
        Code = (int)Contracts.ResultCode.Invalid,
        IsRefused = true,
        Reasons = [reason],
    };
}
