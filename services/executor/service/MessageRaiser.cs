using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Executor.Service.Bus;
using Quorate.Hosting.Telemetry;

namespace Quorate.Executor.Service;

/// <summary>Raises a numbered message: in this node's log, and on the bus for everybody else.</summary>
internal sealed class MessageRaiser(NodeName node, IExecutorBus bus, Instruments instruments, TimeProvider time, ILogger logger)
{
    private const string Component = "executor";

    /// <summary>Raises a message.</summary>
    /// <param name="message">Which.</param>
    /// <param name="service">The service it concerns, if any.</param>
    /// <param name="values">One for each hole of its template.</param>
    public void Raise(CatalogueMessage message, ServiceName? service, params object?[] values)
    {
        MessageDefinition definition = MessageCatalogue.Of(message);
        string text = MessageText.Format(definition, values);
        LogLevel level = LevelOf(definition.Severity);
        if (logger.IsEnabled(level))
        {
            logger.Log(level, new EventId((int)message, message.ToString()), text, null, static (line, _) => line);
        }

        instruments.Raised(definition.Number, Component);
        bus.Publish(new MessageRaised
        {
            Number = definition.Number,
            Text = text,
            At = time.GetUtcNow(),
            Component = Component,
            Service = service,
            Node = node,
        });
    }

    private static LogLevel LevelOf(MessageSeverity severity) => severity switch
    {
        MessageSeverity.Warning => LogLevel.Warning,
        MessageSeverity.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
