using System.Runtime.Serialization;
using Quorate.Contracts.Catalogue;

namespace Quorate.Hosting.Refusals;

/// <summary>A message that cannot be understood, with the number of why: it goes to the error queue, and its sender is told.</summary>
public sealed class BodyRefusedException : SerializationException
{
    internal BodyRefusedException(CatalogueMessage number, string message, Exception? inner = null)
        : base(message, inner) => Number = number;

    public BodyRefusedException()
        : this(CatalogueMessage.MessageIncomplete, "the message cannot be understood")
    {
    }

    public BodyRefusedException(string message)
        : this(CatalogueMessage.MessageIncomplete, message)
    {
    }

    public BodyRefusedException(string message, Exception innerException)
        : this(CatalogueMessage.MessageIncomplete, message, innerException)
    {
    }

    /// <summary>#37: no message at all; #38: of another version of the contracts; #39: something is missing or wrong.</summary>
    public CatalogueMessage Number { get; }

    /// <summary>What #38 is filled with: the version that came; null when it was no number.</summary>
    public int? ForeignVersion { get; internal init; }
}
