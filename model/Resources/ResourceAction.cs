namespace Quorate.Model.Resources;

/// <summary>One action of an agent.</summary>
/// <param name="Name"><c>start stop status monitor recover migrate reconfig ...</c>.</param>
/// <param name="Depth"><c>OCF_CHECK_LEVEL</c> of a status or monitor; 0 for all others.</param>
/// <param name="Timeout">Zero where none is given.</param>
/// <param name="Interval">How often a status is due; zero means never.</param>
public sealed record ResourceAction(string Name, int Depth, TimeSpan Timeout, TimeSpan Interval);
