namespace Quorate.Hosting.Database;

/// <summary>The server may lose what it committed: a durability setting is off (rule S14). Nothing is arbitrated by such a server.</summary>
public sealed class DatabaseForgetsException : Exception
{
    public DatabaseForgetsException(string message)
        : base(message)
    {
    }

    public DatabaseForgetsException()
        : this("the database server may lose committed transactions")
    {
    }

    public DatabaseForgetsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
