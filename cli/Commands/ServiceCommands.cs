using System.CommandLine;

using Quorate.Cli.Api;
using Quorate.Contracts;

namespace Quorate.Cli.Commands;

/// <summary>The commands about one service: <c>enable disable stop restart relocate migrate freeze unfreeze convalesce</c>.</summary>
/// <remarks>Source: clusvcadm(8) options -e -d -s -R -r -Z -U -c; rgmanager.md 5.1.</remarks>
internal static class ServiceCommands
{
    public static Command Enable() => Create("enable", "Let a service run, and start it.", takesNode: true);

    public static Command Disable()
    {
        Command command = Create("disable", "Stop a service and keep it off, whatever happens, until it is enabled.", takesNode: false);
        command.Options.Add(ConfirmStoppedOn);
        return command;
    }

    public static Command Stop()
    {
        Command command = Create("stop", "Stop a service until the next change of membership.", takesNode: false);
        command.Options.Add(Hold);
        return command;
    }

    public static Command Restart() => Create("restart", "Stop a service and start it again on the same node.", takesNode: false);

    public static Command Relocate() => Create("relocate", "Move a service to another node.", takesNode: true);

    public static Command Migrate() => Create("migrate", "Move a service to another node while it runs (a vm without resources below it).", takesNode: true);

    public static Command Freeze() => Create("freeze", "Leave a service alone, whatever happens, until it is unfrozen.", takesNode: false);

    public static Command Unfreeze() => Create("unfreeze", "Take care of a frozen service again.", takesNode: false);

    public static Command Convalesce() => Create("convalesce", "Start again what was left stopped of a service that runs without it (flag partial).", takesNode: false);

    public static Command Unpark() => Create("unpark", "Take up a service again that was set aside after an internal error (flag parked), once you have looked where it runs.", takesNode: false);

    private static readonly Option<bool> Hold = new("--hold") { Description = "Keep it stopped whatever nodes come and go, until it is enabled." };

    /// <summary>Rule S11: the only word that frees a service whose stop was never proven, beside a proof.</summary>
    private static readonly Option<string?> ConfirmStoppedOn = new("--confirm-stopped")
    {
        Description = "Your word that a service which failed to stop does not run on NODE. Look before you say it: two copies destroy data.",
        HelpName = "NODE",
    };

    private static Command Create(string verb, string description, bool takesNode)
    {
        Argument<string> service = new("SERVICE") { Description = "Name of the service; without a type, 'service:' is meant." };
        Option<string?> node = new("--node", "-n") { Description = "The node to run on. Default: the best one.", HelpName = "NODE" };
        WaitOptions waiting = new();
        Command command = new(verb, description) { service };
        if (takesNode)
        {
            command.Options.Add(node);
        }

        waiting.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            ServiceName name = ServiceName.Parse(parsed.GetRequiredValue(service));
            string? confirmed = verb == "disable" ? parsed.GetValue(ConfirmStoppedOn) : null;
            string asked = confirmed is not null ? "confirm-stopped" : verb == "stop" && parsed.GetValue(Hold) ? "stop-hold" : verb;
            CommandRequest request = new()
            {
                Node = takesNode ? parsed.GetValue(node) : confirmed,
                RequestId = waiting.RequestId(parsed),
            };
            TimeSpan? wait = waiting.Wait(parsed);
            using ClusterApi api = ClusterApi.FromEnvironment();
            CommandReply reply = await api.OrderAsync(name, asked, request, wait, cancellation);
            return Outcome.Of($"{(asked == "stop-hold" ? "stop --hold" : asked)} {name}", reply, wait).Print();
        });
        return command;
    }
}
