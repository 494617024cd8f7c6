namespace Quorate.Scheduler.Core;

/// <summary>What a newer configuration does to a service that runs by an older one.</summary>
public enum ServiceChangeKind
{
    /// <summary>Some of its resources stop, start or take over new values, where it runs.</summary>
    Adjust,

    /// <summary>It stops as it was, and is then placed anew as it is now.</summary>
    Replace,

    /// <summary>It is gone: it stops.</summary>
    Stop,

    /// <summary>It is gone, and its type is one that no configuration stops: it runs on, and nothing looks after it any more.</summary>
    Release,
}
