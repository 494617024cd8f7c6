namespace Quorate.Cli.Demo.Script;

/// <summary>A step was not observed in its time; the message says what was missing.</summary>
internal sealed class StepNotObservedException : Exception
{
    public StepNotObservedException(string message)
        : base(message)
    {
    }

    public StepNotObservedException()
        : this("a step was not observed")
    {
    }

    public StepNotObservedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
