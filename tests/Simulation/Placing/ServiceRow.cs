using Quorate.Contracts;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>One service's row.</summary>
internal sealed record ServiceRow(ServiceRecord Record, long Version)
{
    public static string KeyOf(ServiceName service) => $"service/{service}";
}
