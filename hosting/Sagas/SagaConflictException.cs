namespace Quorate.Hosting.Sagas;

/// <summary>Another transaction changed the saga's row first. The message is tried again from the start.</summary>
public sealed class SagaConflictException : Exception
{
    public SagaConflictException(string message)
        : base(message)
    {
    }

    public SagaConflictException()
        : this("the saga's row was changed by another transaction")
    {
    }

    public SagaConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
