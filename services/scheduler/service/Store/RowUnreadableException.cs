using Quorate.Contracts;

namespace Quorate.Scheduler.Service.Store;

/// <summary>A service's row says something impossible. Nothing is decided from it, and the others go on.</summary>
internal sealed class RowUnreadableException(ServiceName service, string reason, Exception? cause = null)
    : Exception($"the row of {service} cannot be read: {reason}", cause)
{
    /// <summary>Whose row.</summary>
    public ServiceName Service { get; } = service;
}
