using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Cli.Files;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Simulate;

/// <summary><c>quorate simulate</c> without a file: asks a scheduler, which has the same planner and the rows.</summary>
internal static class LiveSimulation
{
    /// <summary>Asks and prints.</summary>
    /// <returns>2 for a name that the cluster does not know, as for one that a file does not.</returns>
    public static async Task<int> RunAsync(LiveQuestion question, bool asJson, CancellationToken cancellation)
    {
        string[] down = [.. question.Down.SelectMany(list => list.Split(',')).Select(name => name.Trim())];
        string[][] lists = [down, question.Enable, question.Disable, question.Relocate];
        if (Array.Exists(lists, list => Array.Exists(list, name => name.Length == 0)))
        {
            await Console.Error.WriteLineAsync("quorate: an empty name was given: --down wants NODE,... and --enable, --disable and --relocate a SERVICE each");
            return ExitCode.Usage;
        }

        string? text = null;
        if (question.ConfigurationFile is { } file && (text = ConfigurationFile.ReadText(file, Console.Error)) is null)
        {
            return ExitCode.Refused;
        }

        using ClusterApi api = ClusterApi.FromEnvironment();
        (SimulationView? view, string problem, bool isUnknownName) = await api.SimulateAsync(
            new SimulationRequest { Down = down, Enable = question.Enable, Disable = question.Disable, Relocate = question.Relocate, Configuration = text }, cancellation);
        if (view is null)
        {
            await Console.Error.WriteLineAsync($"quorate: {problem}");
            return isUnknownName ? ExitCode.Usage : ExitCode.Refused;
        }

        await Console.Out.WriteLineAsync(asJson ? JsonSerializer.Serialize(view, ApiJson.Default.SimulationView) : LiveSimulationText.Of(view));
        return ExitCode.Done;
    }
}
