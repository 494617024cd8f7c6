using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>What a service is in the midst of. Stored as text with the row.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<Intent>))]
public enum Intent
{
    /// <summary>To run, wherever the rules allow: enable, autostart, takeover.</summary>
    Start,

    /// <summary>To be stopped, and evaluated again later.</summary>
    Stop,

    /// <summary>To be off until an operator enables it.</summary>
    Disable,

    /// <summary>To stop and start on the same node, on an operator's word.</summary>
    Restart,

    /// <summary>To run again after it failed.</summary>
    Recover,

    /// <summary>To move to another node on an operator's word; back to its origin when nobody can run it.</summary>
    Relocate,

    /// <summary>To be moved to another node while it runs.</summary>
    Migrate,

    /// <summary>To start again, where it runs, what was left stopped of it as non-critical.</summary>
    Convalesce,

    /// <summary>To run as a newer configuration has it, where it runs.</summary>
    Reconfigure,

    /// <summary>To move to a better node that came up; back to its origin when nobody can run it.</summary>
    Failback,
}
