using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Scheduler.Service.Evaluation;

namespace Quorate.Scheduler.Service.Consumers;

/// <summary>Has this replica look for the configuration in force. A hint only: each evaluation looks for itself.</summary>
internal sealed class ConfigurationAnnouncer(EvaluationSignals signals) : IMessageHandler<ConfigurationPublished>
{
    public Task HandleAsync(ConfigurationPublished message, Delivery delivery, CancellationToken cancellationToken)
    {
        signals.NeedSweep();
        return Task.CompletedTask;
    }
}
