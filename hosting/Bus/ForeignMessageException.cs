namespace Quorate.Hosting.Bus;

/// <summary>A message says to be of a type that its sender had no right to say; it is put aside, and never put back.</summary>
public sealed class ForeignMessageException : Exception
{
    public ForeignMessageException()
        : this("a message came by the exchange of another type")
    {
    }

    public ForeignMessageException(string message)
        : base(message)
    {
    }

    public ForeignMessageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
