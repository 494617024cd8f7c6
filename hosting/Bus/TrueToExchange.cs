using MassTransit;
using MassTransit.Metadata;
using MassTransit.RabbitMqTransport;

namespace Quorate.Hosting.Bus;

/// <summary>
/// Holds a message to the exchange it was published to. The broker's permissions are about exchanges, while the type is written in the message:
/// without this, whoever may publish one kind could say any other to the same queue, as a node that reports the end of an operation could
/// enable a service.
/// </summary>
internal sealed class TrueToExchange(string prefix) : IFilter<ConsumeContext>
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("trueToExchange");

    /// <exception cref="ForeignMessageException">It says to be something else than what its exchange carries.</exception>
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.ReceiveContext.TryGetPayload(out RabbitMqBasicConsumeContext? delivered)
            && delivered.Exchange.StartsWith(prefix, StringComparison.Ordinal)
            && EntityNames.ContractOf(delivered.Exchange[prefix.Length..]) is { } carried
            && context.SupportedMessageTypes.Except(MessageTypeCache.GetMessageTypeNames(carried)).FirstOrDefault() is { } foreign)
        {
            throw new ForeignMessageException(
                $"a message that says to be {foreign} came by the exchange {carried.Name}: whoever may publish there may not say that");
        }
        return next.Send(context);
    }
}
