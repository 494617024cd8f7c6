namespace Quorate.Contracts;

/// <summary>
/// Something that must be true was not. Better down than two owners: it stops the process, or parks the one service it concerns
/// (rule S13), and is never caught to carry on.
/// </summary>
public sealed class InvariantViolation : Exception
{
    public InvariantViolation(string message)
        : base(message)
    {
    }

    public InvariantViolation()
        : this("a broken invariant")
    {
    }

    public InvariantViolation(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
