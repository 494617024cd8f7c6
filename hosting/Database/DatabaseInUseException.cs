namespace Quorate.Hosting.Database;

/// <summary>Another process has the embedded database open. Two processes would each believe to be the only arbiter.</summary>
public sealed class DatabaseInUseException : Exception
{
    public DatabaseInUseException(string message)
        : base(message)
    {
    }

    public DatabaseInUseException()
        : this("the embedded database is in use by another process")
    {
    }

    public DatabaseInUseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
