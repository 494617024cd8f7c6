namespace Quorate.Hosting.Locks;

/// <summary>The lock was taken by somebody else meanwhile; what this holder decided must not be committed (rule S12).</summary>
public sealed class StaleLockTokenException : Exception
{
    public StaleLockTokenException(string message)
        : base(message)
    {
    }

    public StaleLockTokenException()
        : this("the lock was taken by another holder")
    {
    }

    public StaleLockTokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
