namespace Quorate.Hosting.Bus;

/// <summary>The broker did not take a message in time. It may have it nevertheless: send again with the same message id.</summary>
public sealed class BusUnavailableException : Exception
{
    public BusUnavailableException(string message)
        : base(message)
    {
    }

    public BusUnavailableException()
        : this("the bus is not available")
    {
    }

    public BusUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
