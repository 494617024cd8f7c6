namespace Quorate.Executor.Guard.Journal;

/// <summary>The guard cannot work with its state directory; the message says what to do.</summary>
internal sealed class StateDirectoryException : Exception
{
    public StateDirectoryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
