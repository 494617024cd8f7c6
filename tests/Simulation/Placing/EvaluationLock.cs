namespace Quorate.Tests.Simulation.Placing;

/// <summary>The evaluation's lock: whoever takes it raises the token, and no older token may commit (rule S12).</summary>
internal sealed record EvaluationLock(long Token)
{
    /// <summary>The advisory lock, of a session.</summary>
    public const string Name = "evaluation";

    /// <summary>The row of its token.</summary>
    public const string Key = "token";
}
