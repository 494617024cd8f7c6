using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What the planner wants of one service.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<PlacementAction>))]
public enum PlacementAction
{
    /// <summary>Nothing to do, and why.</summary>
    LeaveAlone,

    /// <summary>Start it on a node; nobody runs it.</summary>
    Start,

    /// <summary>Start it on a node; its owner's incarnation has ended.</summary>
    TakeOver,

    /// <summary>Stop it on its live owner and start it on a better node.</summary>
    Relocate,

    /// <summary>Move it to another node while it runs.</summary>
    Migrate,

    /// <summary>It was to be migrated and cannot be: end that, and say why.</summary>
    Stay,

    /// <summary>Stop it: it must not run where it runs, or not at all.</summary>
    Stop,

    /// <summary>Stop, where it runs, what the configuration in force no longer has of it as it is.</summary>
    Condstop,

    /// <summary>Start, where it runs, what the configuration in force has of it that does not run so.</summary>
    Condstart,

    /// <summary>Stop it as it was, and place it anew as the configuration in force has it.</summary>
    Replace,

    /// <summary>It is no longer configured and of a type that is not stopped for that: let it run on by itself.</summary>
    Release,

    /// <summary>It runs nowhere and is no longer configured.</summary>
    MarkRemoved,

    /// <summary>Its owner is lost and not proven to run nothing: wait.</summary>
    AwaitFencing,

    /// <summary>It never ran and does not start by itself (autostart).</summary>
    MarkDisabled,

    /// <summary>Its journey found no node: end it, answer, try again later.</summary>
    GiveUp,
}
