namespace Quorate.Cli.Api;

/// <summary>The cluster could not be asked, or did not answer in time. The message says what to do; exit status 3.</summary>
internal class NoAnswerException : Exception
{
    public NoAnswerException()
    {
    }

    public NoAnswerException(string message)
        : base(message)
    {
    }

    public NoAnswerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
