namespace Quorate.Executor.Service.Guard;

/// <summary>The guard did not carry out a request, and changed nothing; the message says why.</summary>
public sealed class GuardRefusedException : Exception
{
    public GuardRefusedException(string message)
        : base(message)
    {
    }

    public GuardRefusedException()
        : this("the guard refused")
    {
    }

    public GuardRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
