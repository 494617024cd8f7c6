using System.Runtime.Serialization;
using Quorate.Contracts.Catalogue;

namespace Quorate.Hosting.Refusals;

/// <summary>A message that cannot be understood, with the number of why: it goes to the error queue, and its sender is told.</summary>
public class BodyRefusedException : SerializationException
{
    /// <remarks>Without an inner exception: what lies in the error queue names the innermost.</remarks>
    internal BodyRefusedException(CatalogueMessage number, string message)
        : base($"#{(int)number}: {message}")
    {
        Number = number;
        Reason = message;
    }

    public BodyRefusedException()
        : this(CatalogueMessage.MessageIncomplete, "the message cannot be understood")
    {
    }

    public BodyRefusedException(string message)
        : this(CatalogueMessage.MessageIncomplete, message)
    {
    }

    public BodyRefusedException(string message, Exception innerException)
        : this(CatalogueMessage.MessageIncomplete, $"{message}: {innerException.Message}")
    {
    }

    /// <summary>#37: no message at all; #38: of another version of the contracts; #39: something is missing or wrong.</summary>
    public CatalogueMessage Number { get; }

    /// <summary>The message without its number.</summary>
    public string Reason { get; }

    /// <summary>True when it was meant as a command: then everybody who listens hears that it was refused.</summary>
    public bool IsCommand { get; internal init; }

    /// <summary>What #38 is filled with: the version that came; null when it was no number.</summary>
    public int? ForeignVersion { get; internal init; }
}
