using MassTransit;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Sagas;

namespace Quorate.Scheduler.Service.Sagas;

/// <summary>Answers a command for a service that has no row.</summary>
internal static class UnknownService
{
    /// <summary>Says RG_ENOSERVICE. Nothing is stored, so a repeated command gets the same answer again.</summary>
    public static Task AnswerAsync<TCommand>(ConsumeContext<TCommand> context) where TCommand : class, IServiceCommand =>
        context.UnitOfWork().Outbox.PublishAsync(
            new CommandAnswered
            {
                RequestId = context.Message.RequestId,
                Operation = "",
                Service = context.Message.Service,
                Result = ResultCode.NoService,
                Code = (int)ResultCode.NoService,
                IsRefused = true,
                Reasons = [$"no service {context.Message.Service} is configured; GET /api/services lists them"],
            },
            context.Message.Service.Value);
}
