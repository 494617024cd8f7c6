namespace Quorate.Hosting.Access;

/// <summary>The roles that a token gives. Operators may do what observers may.</summary>
public static class ApiRole
{
    /// <summary>May look.</summary>
    public const string Observer = "observer";

    /// <summary>May give commands.</summary>
    public const string Operator = "operator";

    /// <summary>An executor: may send heartbeats to the quorum replicas.</summary>
    public const string Node = "node";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Observer, Operator, Node];
}
