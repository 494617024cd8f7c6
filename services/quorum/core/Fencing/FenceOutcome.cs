namespace Quorate.Quorum.Core.Fencing;

/// <summary>How a fence agent ended. Text in the database and on the bus: <c>done isOff isOn failed timedOut unstartable</c>.</summary>
/// <remarks>Source: the fence agent API: exit 0 is done, or on for status; 2 is off for status; anything else is a failure.</remarks>
public enum FenceOutcome
{
    /// <summary>Off or on succeeded.</summary>
    Done,

    /// <summary>Status says that the node is off.</summary>
    IsOff,

    /// <summary>Status says that the node is on.</summary>
    IsOn,

    /// <summary>It ended with another exit status, or by a signal.</summary>
    Failed,

    /// <summary>It did not end in time and was killed with all its children.</summary>
    TimedOut,

    /// <summary>There is no such agent, or it cannot be run.</summary>
    Unstartable,
}
