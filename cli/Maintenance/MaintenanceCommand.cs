using System.CommandLine;
using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Maintenance;

/// <summary><c>quorate maintenance on|off</c>: suspend self-stop and recovery of the whole cluster, and resume them.</summary>
/// <remarks>Source: DESIGN 4.</remarks>
internal static class MaintenanceCommand
{
    /// <summary>The subcommand with its two words.</summary>
    public static Command Create() => new("maintenance", "Suspend self-stop and recovery of the whole cluster while you work on it, or resume them.")
    {
        Switch("on", "From now on nothing is stopped, recovered or fenced but on your order."),
        Switch("off", "Everything is looked at again: what does not run as it should is recovered."),
    };

    private static Command Switch(string word, string description)
    {
        Option<bool> json = new("--json") { Description = "Print the answer as JSON and nothing else." };
        WaitOptions waiting = new();
        Command command = new(word, description) { json };
        waiting.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            TimeSpan? wait = waiting.Wait(parsed);
            CommandRequest request = new() { RequestId = waiting.RequestId(parsed) };
            using ClusterApi api = ClusterApi.FromEnvironment();
            CommandReply reply = await api.SetMaintenanceAsync(word == "on", request, wait, cancellation);
            Outcome outcome = Outcome.Of($"maintenance {word}", reply, wait);
            if (!parsed.GetValue(json))
            {
                return outcome.Print();
            }

            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(reply, ApiJson.Default.CommandReply));
            return outcome.ExitCode;
        });
        return command;
    }
}
