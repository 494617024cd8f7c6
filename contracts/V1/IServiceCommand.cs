namespace Quorate.Contracts.V1;

/// <summary>What every command on one service carries, whoever sends it: bus, HTTP or CLI. Idempotent by <see cref="RequestId"/>.</summary>
public interface IServiceCommand
{
    /// <summary>Chosen by the sender, 1 to 200 characters; the same id is the same command and gets the same answer.</summary>
    string RequestId { get; }

    ServiceName Service { get; }

    /// <summary>The node meant, where the command takes one; null lets the planner choose.</summary>
    NodeName? Node { get; }
}
