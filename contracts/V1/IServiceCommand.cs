namespace Quorate.Contracts.V1;

/// <summary>A command about one service.</summary>
public interface IServiceCommand : ICommand
{
    /// <summary>The service meant; a name without ':' means <c>service:NAME</c>.</summary>
    ServiceName Service { get; }

    /// <summary>The node meant, where the command takes one; null lets the planner choose.</summary>
    NodeName? Node { get; }
}
