namespace Quorate.Quorum.Core.Fencing;

/// <summary>What a fence agent is told to do. Text for the agent: <c>off status on</c>.</summary>
public enum FenceAction
{
    Off,

    Status,

    On,
}
