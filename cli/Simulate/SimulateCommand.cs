using System.Collections.Immutable;
using System.CommandLine;
using Quorate.Cli.Files;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Cli.Simulate;

/// <summary><c>quorate simulate CONF</c>: the plan for a membership, without a cluster.</summary>
internal static class SimulateCommand
{
    /// <summary>The subcommand with its options.</summary>
    public static Command Create()
    {
        Argument<string> file = new("CONF") { Description = "A cluster.conf." };
        Option<string[]> down = new("--down")
        {
            Description = "Nodes that are down and proven to run nothing.",
            HelpName = "NODE,...",
            DefaultValueFactory = _ => [],
        };
        Option<string[]> running = new("--running")
        {
            Description = "Where services run, or ran until their node went down. Without it every service has never run.",
            HelpName = "SERVICE=NODE,...",
            DefaultValueFactory = _ => [],
        };
        Option<bool> json = new("--json") { Description = "Print the plan as JSON and nothing else." };
        Command command = new("simulate", "Show where each service would run for a given membership, with the score of every node.")
        {
            file, down, running, json,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(file), parsed.GetValue(down) ?? [], parsed.GetValue(running) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string file, string[] down, string[] running, bool asJson)
    {
        if (ConfigurationFile.ReadUsable(file, ResourceTypeCatalog.BuiltIn, Console.Error) is not { } configuration)
        {
            await Console.Error.WriteLineAsync($"quorate: {file} gave no configuration; nothing to simulate");
            return ExitCode.Refused;
        }

        if (!SimulateOptions.TryReadNodes(down, configuration, out ImmutableHashSet<NodeName> nodesDown, out string problem)
            || !SimulateOptions.TryReadRunning(running, configuration, out ImmutableDictionary<ServiceName, NodeName> owners, out problem))
        {
            await Console.Error.WriteLineAsync($"quorate: {problem}");
            return ExitCode.Usage;
        }

        WhatIfPlan plan = WhatIf.Plan(configuration, nodesDown, owners);
        await Console.Out.WriteLineAsync(asJson ? SimulateOutput.Json(plan) : SimulateOutput.Table(plan));
        return ExitCode.Done;
    }
}
