using Quorate.Contracts;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>A command on the bus.</summary>
internal sealed record ServiceCommand(string RequestId, ServiceName Service, CommandKind Kind, NodeName? Node);
