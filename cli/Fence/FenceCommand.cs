using System.CommandLine;

using Quorate.Cli.Api;
using Quorate.Cli.Commands;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Cli.Fence;

/// <summary><c>quorate fence NODE</c>, <c>fence ack NODE</c> and <c>fence log [NODE]</c>.</summary>
/// <remarks>Source: fence_node(8), fence_ack_manual(8); DESIGN 3, S6.</remarks>
internal static class FenceCommand
{
    /// <summary>The subcommand with its own ones.</summary>
    public static Command Create()
    {
        Argument<string> node = new("NODE") { Description = "The node to cut off, alive or not. Its services start elsewhere once it is proven off." };
        Command command = new("fence", "Cut a node off by its fence devices, now; or say that it is off; or show what devices answered.") { Acknowledge(), Log() };
        command.Arguments.Add(node);
        AddOrder(command, "fence", node, (api, name, request, wait, cancellation) => api.FenceAsync(name, request, wait, cancellation));
        return command;
    }

    private static Command Acknowledge()
    {
        Argument<string> node = new("NODE") { Description = "The lost node. Make sure that its power is off before you say so." };
        Command acknowledge = new("ack", "Confirm that a lost node is off: its services may then start elsewhere.") { node };
        AddOrder(acknowledge, "fence ack", node, (api, name, request, wait, cancellation) => api.AcknowledgeFenceAsync(name, request, wait, cancellation));
        return acknowledge;
    }

    private static void AddOrder(
        Command command, string words, Argument<string> node, Func<ClusterApi, NodeName, CommandRequest, TimeSpan?, CancellationToken, Task<CommandReply>> order)
    {
        Option<string?> incarnation = new("--incarnation")
        {
            Description = "The incarnation meant (status --json). Default: the one that is there now.",
            HelpName = "ID",
        };
        WaitOptions waiting = new();
        command.Options.Add(incarnation);
        waiting.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            NodeName name = new(parsed.GetRequiredValue(node));
            CommandRequest request = new() { RequestId = waiting.RequestId(parsed), Incarnation = parsed.GetValue(incarnation) };
            TimeSpan? wait = waiting.Wait(parsed);
            using ClusterApi api = ClusterApi.FromEnvironment();
            return Outcome.Of($"{words} {name}", await order(api, name, request, wait, cancellation), wait).Print();
        });
    }

    private static Command Log()
    {
        Argument<string?> node = new("NODE") { Description = "Only of this node.", Arity = ArgumentArity.ZeroOrOne };
        Command log = new("log", "Show what fence agents were told, and what they came to.") { node };
        log.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            IReadOnlyList<FenceAttempted> attempts = await api.GetFencingAsync(parsed.GetValue(node), cancellation);
            foreach (FenceAttempted attempt in attempts)
            {
                await Console.Out.WriteLineAsync(FenceLog.Line(attempt));
            }

            if (attempts.Count == 0)
            {
                await Console.Error.WriteLineAsync("Nobody was fenced by a device yet.");
            }

            return ExitCode.Done;
        });
        return log;
    }
}
