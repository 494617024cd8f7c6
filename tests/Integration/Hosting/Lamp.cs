using MassTransit;

namespace Quorate.Tests.Integration.Hosting;

/// <summary>The smallest saga that can lose an update.</summary>
public sealed class Lamp : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public string Name { get; set; } = "";

    public int Count { get; set; }

    public int Version { get; set; }
}
