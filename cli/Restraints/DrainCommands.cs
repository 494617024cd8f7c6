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

    /// <summary>What a node still has, by name.</summary>
    public static IReadOnlyList<ServiceView> On(ClusterView cluster, NodeName node) => [.. cluster.Services.Where(service => service.Owner == node)];

    /// <summary>What has left a node without a proof, and may run there still (rule S11).</summary>
    public static IReadOnlyList<ServiceView> HeldOn(ClusterView cluster, NodeName node) =>
        [.. cluster.Services.Where(service => service.Owner is null && service.LastOwner == node && service.Flags.Contains("held"))];

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
        ClusterView cluster;
        while (On(cluster = await api.GetClusterAsync(cancellation), node) is { Count: > 0 } left)
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
            {
                await Console.Error.WriteLineAsync($"still on {node}: {Named(left)}");
                return ExitCode.NoAnswer;
            }

            await Task.Delay(LookAgainAfter, cancellation);
        }

        if (HeldOn(cluster, node) is { Count: > 0 } held)
        {
            await Console.Error.WriteLineAsync(
                $"may still run on {node}: {Named(held)}; end it there, then quorate disable SERVICE (or disable SERVICE --confirm-stopped {node})");
            return ExitCode.Refused;
        }

        await Console.Out.WriteLineAsync($"{node} runs nothing any more");
        return ExitCode.Done;
    }

    private static string Named(IEnumerable<ServiceView> services) =>
        string.Join("; ", services.Select(service => $"{service.Name} ({service.State.ToString().ToLowerInvariant()}: {service.Reason})"));
}
