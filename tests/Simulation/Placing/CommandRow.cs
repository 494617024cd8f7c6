using Quorate.Contracts;
using Quorate.Scheduler.Core;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>One command and what became of it.</summary>
internal sealed record CommandRow(string RequestId, ServiceName Service, CommandKind Kind, NodeName? Node, DateTimeOffset RequestedAt)
{
    /// <summary>True once a saga has it.</summary>
    public bool IsTaken { get; init; }

    /// <summary>How often it was answered; 1 in the end.</summary>
    public int Answers { get; init; }

    public ResultCode Result { get; init; }

    public static string KeyOf(string requestId) => $"command/{requestId}";
}
