using System.Collections.Immutable;
using System.CommandLine;
using Quorate.Cli.Files;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Cli.Simulate;

/// <summary>
/// <c>quorate simulate CONF</c>: the plan for a membership, without a cluster. <c>quorate simulate</c>: what a running cluster would do.
/// </summary>
internal static class SimulateCommand
{
    /// <summary>The subcommand with its options.</summary>
    public static Command Create()
    {
        Argument<string?> file = new("CONF") { Description = "A cluster.conf to plan for, without a cluster. Without it a running cluster is asked.", Arity = ArgumentArity.ZeroOrOne };
        Option<string[]> down = Names("--down", "NODE,...", "Nodes that are down and proven to run nothing.");
        Option<string[]> running = Names("--running", "SERVICE=NODE,...", "With CONF: where services run, or ran until their node went down. Without it every service has never run.");
        Option<string[]> enable = Names("--enable", "SERVICE", "Without CONF: a service that is enabled then.");
        Option<string[]> disable = Names("--disable", "SERVICE", "Without CONF: a service that is disabled then.");
        Option<string[]> relocate = Names("--relocate", "SERVICE", "Without CONF: a service that is relocated then, to the best other node.");
        Option<string?> configuration = new("--config") { Description = "Without CONF: a cluster.conf that comes into force.", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "Print the plan as JSON and nothing else." };
        Command command = new(
            "simulate", "Show what would happen, with the score of every node: to a running cluster, from what it is now, changing nothing; or, with CONF, for a given membership.")
        {
            file, down, running, enable, disable, relocate, configuration, json,
        };
        command.Validators.Add(result =>
        {
            bool isLive = result.GetValue(file) is null;
            Option[] foreign = isLive ? [running] : [enable, disable, relocate, configuration];
            foreach (Option option in foreign.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError(isLive ? $"{option.Name} goes with CONF: a running cluster knows that itself" : $"{option.Name} asks a running cluster, and goes without CONF");
            }
        });
        command.SetAction((parsed, cancellation) => parsed.GetValue(file) is { } path
            ? RunAsync(path, parsed.GetValue(down) ?? [], parsed.GetValue(running) ?? [], parsed.GetValue(json))
            : LiveSimulation.RunAsync(
                new LiveQuestion(
                    parsed.GetValue(down) ?? [], parsed.GetValue(enable) ?? [], parsed.GetValue(disable) ?? [], parsed.GetValue(relocate) ?? [], parsed.GetValue(configuration)),
                parsed.GetValue(json), cancellation));
        return command;
    }

    private static Option<string[]> Names(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => [] };

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
