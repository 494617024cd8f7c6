using System.CommandLine;

using Quorate.Cli.Api;
using Quorate.Cli.Commands;
using Quorate.Contracts;

namespace Quorate.Cli.Fence;

/// <summary><c>quorate fence ack NODE</c>: an operator's word that a lost node runs nothing any more.</summary>
/// <remarks>Source: fence_ack_manual(8).</remarks>
internal static class FenceCommand
{
    /// <summary>The subcommand with its own ones.</summary>
    public static Command Create()
    {
        Argument<string> node = new("NODE") { Description = "The lost node. Make sure that its power is off before you say so." };
        Option<string?> incarnation = new("--incarnation")
        {
            Description = "The incarnation meant (status --json). Default: the one that is lost now.",
            HelpName = "ID",
        };
        WaitOptions waiting = new();
        Command acknowledge = new("ack", "Confirm that a lost node is off: its services may then start elsewhere.") { node, incarnation };
        waiting.AddTo(acknowledge);
        acknowledge.SetAction(async (parsed, cancellation) =>
        {
            NodeName name = new(parsed.GetRequiredValue(node));
            CommandRequest request = new() { RequestId = waiting.RequestId(parsed), Incarnation = parsed.GetValue(incarnation) };
            TimeSpan? wait = waiting.Wait(parsed);
            using ClusterApi api = ClusterApi.FromEnvironment();
            CommandReply reply = await api.AcknowledgeFenceAsync(name, request, wait, cancellation);
            return Outcome.Of($"fence ack {name}", reply, wait).Print();
        });
        return new Command("fence", "Fencing of lost nodes.") { acknowledge };
    }
}
