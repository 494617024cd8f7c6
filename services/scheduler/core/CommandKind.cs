using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core;

/// <summary>What an operator may ask of one service.</summary>
/// <remarks>Source: clusvcadm(8); rgmanager.md 3.5.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<CommandKind>))]
public enum CommandKind
{
    Enable,
    Disable,
    Stop,
    StopHold,
    Restart,
    Relocate,
    Migrate,
    Freeze,
    Unfreeze,
    Convalesce,
    ConfirmStopped,
    Unpark,
}
