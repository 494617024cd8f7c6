namespace Quorate.Model.Deltas;

/// <summary>What a new configuration asks of a running resource.</summary>
public enum OperationKind
{
    /// <summary>It stops as it was started (rule S10).</summary>
    Stop,

    /// <summary>It starts as the new configuration says.</summary>
    Start,

    /// <summary>It keeps running and takes over new values: its agent is called with <c>reconfig</c>, where it has that action.</summary>
    Reconfigure,
}
