using Quorate.Contracts.Catalogue;

namespace Quorate.Hosting.Refusals;

/// <summary>
/// A message that says to be of another type than the exchange it came by (#39). The broker's permissions are about exchanges, while the type is
/// written in the message: without this, whoever may publish one kind could say any other to the same queue. It is never replayed.
/// </summary>
public sealed class ForeignMessageException : BodyRefusedException
{
    public ForeignMessageException()
    {
    }

    public ForeignMessageException(string message)
        : base(CatalogueMessage.MessageIncomplete, message)
    {
    }

    public ForeignMessageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
