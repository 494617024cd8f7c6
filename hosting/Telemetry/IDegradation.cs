namespace Quorate.Hosting.Telemetry;

/// <summary>Something in this process that an operator should look at although it works: <c>/health/ready</c> says so, and stays 200.</summary>
public interface IDegradation
{
    /// <summary>What is wrong, in sentences; empty while all is well.</summary>
    IReadOnlyList<string> Degradations { get; }
}
