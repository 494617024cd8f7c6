namespace Quorate.Scheduler.Service.Store;

/// <summary>What a service's row was needed for when it could not be had; the catalogue numbers each moment on its own.</summary>
internal enum RowMoment
{
    /// <summary>Before a start: #45, #46, #47.</summary>
    Start,

    /// <summary>After a start: #74, #75.</summary>
    StartEnd,

    /// <summary>Before a stop: #50, #51, #52.</summary>
    Stop,

    /// <summary>After a stop: #53, #54, #55.</summary>
    StopEnd,

    /// <summary>To record a status check: #48, #49.</summary>
    StatusCheck,

    /// <summary>To mark a service failed: the second #55, #56, #57, and #41 with the first of them.</summary>
    MarkFailed,
}
