using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>Where a service is in its life. Stored and sent as text.</summary>
/// <remarks>Source: rgmanager.md 3.1 and 3.5; DESIGN 5.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<ServiceState>))]
public enum ServiceState
{
    /// <summary>No record yet: the service was never evaluated.</summary>
    Uninitialized,

    /// <summary>Runs nowhere and may be started by the next evaluation.</summary>
    Stopped,

    /// <summary>The owner was told to start it and has not answered.</summary>
    Starting,

    /// <summary>The owner runs it.</summary>
    Started,

    /// <summary>The owner was told to stop it and has not answered.</summary>
    Stopping,

    /// <summary>It failed and is being stopped for recovery.</summary>
    Recoverable,

    /// <summary>It is proven stopped after a failure and waits for its next start.</summary>
    Recovering,

    /// <summary>A stop failed: it may still run somewhere. Only <c>disable</c> leaves this state.</summary>
    Failed,

    /// <summary>Off until an operator enables it.</summary>
    Disabled,

    /// <summary>A virtual machine on its way to another node.</summary>
    Migrating,
}
