using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Scheduler.Core;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The commands by the name HTTP and the history call them.</summary>
internal static class ServiceCommands
{
    public const string Enable = "enable";
    public const string Disable = "disable";
    public const string Stop = "stop";
    public const string StopHold = "stop-hold";
    public const string Migrate = "migrate";
    public const string Restart = "restart";
    public const string Relocate = "relocate";
    public const string Freeze = "freeze";
    public const string Unfreeze = "unfreeze";
    public const string Convalesce = "convalesce";
    public const string ConfirmStopped = "confirm-stopped";
    public const string Unpark = "unpark";

    public static readonly IReadOnlyList<string> Names = [Enable, Disable, Stop, StopHold, Restart, Relocate, Migrate, Freeze, Unfreeze, Convalesce, ConfirmStopped, Unpark];

    public static bool IsKnown(string command) => Names.Contains(command, StringComparer.Ordinal);

    /// <summary>The bus message of a command. <paramref name="command"/> must be a known one.</summary>
    public static IServiceCommand Message(string command, string requestId, ServiceName service, NodeName? node) => command switch
    {
        Enable => new EnableService { RequestId = requestId, Service = service, Node = node },
        Disable => new DisableService { RequestId = requestId, Service = service, Node = node },
        Stop => new StopService { RequestId = requestId, Service = service, Node = node },
        StopHold => new StopService { RequestId = requestId, Service = service, Node = node, Hold = true },
        Migrate => new MigrateService { RequestId = requestId, Service = service, Node = node },
        Restart => new RestartService { RequestId = requestId, Service = service, Node = node },
        Relocate => new RelocateService { RequestId = requestId, Service = service, Node = node },
        Freeze => new FreezeService { RequestId = requestId, Service = service, Node = node },
        Unfreeze => new UnfreezeService { RequestId = requestId, Service = service, Node = node },
        Convalesce => new ConvalesceService { RequestId = requestId, Service = service, Node = node },
        ConfirmStopped => new ConfirmServiceStopped { RequestId = requestId, Service = service, Node = node },
        Unpark => new UnparkService { RequestId = requestId, Service = service, Node = node },
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a service command"),
    };

    /// <summary>What a command asks for. <paramref name="command"/> must be a known one.</summary>
    public static CommandKind KindOf(string command) => command switch
    {
        Enable => CommandKind.Enable,
        Disable => CommandKind.Disable,
        Stop => CommandKind.Stop,
        StopHold => CommandKind.StopHold,
        Migrate => CommandKind.Migrate,
        Restart => CommandKind.Restart,
        Relocate => CommandKind.Relocate,
        Freeze => CommandKind.Freeze,
        Unfreeze => CommandKind.Unfreeze,
        Convalesce => CommandKind.Convalesce,
        ConfirmStopped => CommandKind.ConfirmStopped,
        Unpark => CommandKind.Unpark,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a service command"),
    };

    /// <summary>The name of a bus message's command.</summary>
    public static string NameOf(IServiceCommand command) => command switch
    {
        EnableService => Enable,
        DisableService => Disable,
        StopService { Hold: true } => StopHold,
        StopService => Stop,
        MigrateService => Migrate,
        RestartService => Restart,
        RelocateService => Relocate,
        FreezeService => Freeze,
        UnfreezeService => Unfreeze,
        ConvalesceService => Convalesce,
        ConfirmServiceStopped => ConfirmStopped,
        UnparkService => Unpark,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a service command"),
    };
}
