namespace Quorate.Hosting.Crashing;

/// <summary>Where a test may kill the process. In production nothing happens.</summary>
public interface ICrashPoint
{
    /// <summary>Says that a point of <see cref="CrashPoints"/> is reached.</summary>
    /// <param name="point">Which.</param>
    /// <param name="messageType">Short name of the message concerned, e.g. <c>OperationEnded</c>; null outside any message.</param>
    void Reached(string point, string? messageType);
}
