namespace Quorate.Contracts;

/// <summary>The names of queues that one service consumes and another sends to.</summary>
public static class QueueNames
{
    /// <summary>The queue that all replicas of quorum consume together.</summary>
    public const string Quorum = "quorum.v1";

    /// <summary>The queue that all replicas of the scheduler consume together.</summary>
    public const string Scheduler = "scheduler.v1";

    /// <summary>The queue of the schedulers' replicas for what is said again anyway.</summary>
    public const string SchedulerHints = "scheduler.hints.v1";

    /// <summary>The queue of the schedulers' replicas for questions.</summary>
    public const string SchedulerQueries = "scheduler.queries.v1";

    /// <summary>The queue of quorum's replicas for what is said again anyway.</summary>
    public const string QuorumHints = "quorum.hints.v1";

    /// <summary>The queue of one life of one node (rule S5). A node name may hold anything; a queue name keeps letters, digits and <c>- _ .</c></summary>
    public static string Executor(NodeName node, Incarnation incarnation) =>
        $"executor.{Plain(node.Value)}.{Plain(incarnation.Value)}";

    /// <summary>
    /// Where to send what is for that queue alone. Its exchange ends with it, so whoever sends has to say that it is not durable, or the
    /// broker refuses the second declaration.
    /// </summary>
    public static string ToExecutor(NodeName node, Incarnation incarnation) => $"{Executor(node, incarnation)}?durable=false";

    private static string Plain(string name) =>
        new([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
}
