namespace Quorate.Executor.Core.Status;

/// <summary>One periodic check of one resource of a running service.</summary>
/// <param name="Step">The resource's place in start order, from 0; a resource that is referred to twice has two.</param>
/// <param name="Resource"><c>type:name</c>.</param>
/// <param name="Depth"><c>OCF_CHECK_LEVEL</c>.</param>
/// <param name="Interval">How long after the end of the last one it is due; more than zero.</param>
public sealed record StatusCheck(int Step, string Resource, int Depth, TimeSpan Interval);
