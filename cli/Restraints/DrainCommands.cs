using System.CommandLine;
using System.Diagnostics;

using Quorate.Cli.Api;
using Quorate.Cli.Commands;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Restraints;

/// <summary><c>quorate drain NODE</c> and <c>quorate undrain NODE</c>.</summary>
internal static class DrainCommands
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    public static Command Drain() => Create("drain", isOn: true, "Take a node out of use: its services leave it, and nothing is started there until it is undrained. Waits until it runs nothing.");

    public static Command Undrain() => Create("undrain", isOn: false, "Put a drained node into use again.");

    /// <summary>What may still run on a node, by name.</summary>
    public static IReadOnlyList<ServiceView> On(ClusterView cluster, NodeName node) => [.. cluster.Services.Where(service => service.Owner == node)];

    private static Command Create(string word, bool isOn, string description)
    {
        Argument<string> node = new("NODE") { Description = "The node." };
        WaitOptions waiting = new();
        Command command = new(word, description) { node };
        waiting.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            NodeName name = new(parsed.GetRequiredValue(node));
            TimeSpan? wait = waiting.Wait(parsed);
            long began = Stopwatch.GetTimestamp();
            CommandRequest request = new() { RequestId = waiting.RequestId(parsed) };
            using ClusterApi api = ClusterApi.FromEnvironment();
            CommandReply reply = await api.SetDrainAsync(name, isOn, request, wait, cancellation);
            Outcome outcome = Outcome.Of($"{word} {name}", reply, wait);
            return isOn && wait is { } patience && reply.Result == ResultCode.Success
                ? await UntilEmptyAsync(api, name, outcome, began, patience, cancellation)
                : outcome.Print();
        });
        return command;
    }

    private static async Task<int> UntilEmptyAsync(
        ClusterApi api, NodeName node, Outcome accepted, long began, TimeSpan patience, CancellationToken cancellation)
    {
        accepted.Print();
        IReadOnlyList<ServiceView> left;
        while ((left = On(await api.GetClusterAsync(cancellation), node)).Count > 0)
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
            {
                await Console.Error.WriteLineAsync($"still on {node}: {string.Join("; ", left.Select(service => $"{service.Name} ({service.State.ToString().ToLowerInvariant()}: {service.Reason})"))}");
                return ExitCode.NoAnswer;
            }

            await Task.Delay(LookAgainAfter, cancellation);
        }

        await Console.Out.WriteLineAsync($"{node} runs nothing any more");
        return ExitCode.Done;
    }
}
