using System.CommandLine;
using Quorate.Cli.Files;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.RgTest;

/// <summary><c>quorate rg_test [AGENTDIR] noop CONF start|stop TYPE NAME</c>: what would run, in which order, as the old tool printed it.</summary>
/// <remarks>Source: rgmanager.md 5.3 for texts and exit codes, an unknown resource and an unreadable file included.</remarks>
internal static class RgTestCommand
{
    private const int Done = 0;
    private const int Usage = 1;
    private const string UsageText =
        """
        usage: rg_test [AGENTDIR] noop CONF start|stop TYPE NAME
          AGENTDIR  a directory of agents that answer meta-data; without it Quorate's own rule files serve
        """;

    /// <summary>Makes the command for the command line.</summary>
    public static Command Create()
    {
        Argument<string[]> words = new("WORDS") { Description = "[AGENTDIR] noop CONF start|stop TYPE NAME", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("rg_test", "Print in which order the resources of a service start or stop.") { words };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(words) ?? [], cancellationToken));
        return command;
    }

    /// <summary>Runs the command with the words after <c>rg_test</c>.</summary>
    /// <returns>The exit code: 0, also for a resource or a file that is no good; 1 for a wrong use or a directory without agents.</returns>
    public static async Task<int> RunAsync(string[] words, CancellationToken cancellationToken)
    {
        await using StreamWriter output = new(Console.OpenStandardOutput());
        return await RunAsync(words, output, Console.Error, cancellationToken);
    }

    /// <summary>Runs the command with the words after <c>rg_test</c>, printing to the given writers.</summary>
    public static async Task<int> RunAsync(string[] words, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        (string? directory, string[] rest) = words is ["noop", ..] or [] ? (null, words) : (words[0], words[1..]);
        if (rest is not ["noop", var file, ("start" or "stop") and var action, var type, var name])
        {
            await error.WriteLineAsync(UsageText);
            return Usage;
        }

        if (await TypesAsync(directory, error, cancellationToken) is not { } types)
        {
            return Usage;
        }

        if (ConfigurationFile.ReadUsable(file, types, error) is not { } configuration)
        {
            await error.WriteLineAsync($"Error parsing {file}");
            return Done;
        }

        if (!configuration.Resources.Any(resource => resource.Type.Name == type && resource.Name == name))
        {
            await output.WriteLineAsync($"No resource {name} of type {type} found");
            return Done;
        }

        (string doing, string noun) = action == "start" ? ("Starting", "Start") : ("Stopping", "Stop");
        await output.WriteLineAsync($"{doing} {name}...");
        foreach (ResourceNode node in Operations(configuration, action, type, name))
        {
            await output.WriteLineAsync($"[{action}] {node.Label}");
        }

        await output.WriteLineAsync($"{noun} of {name} complete");
        return Done;
    }

    /// <summary>Every place of the trees that the resource stands in, with all below it, in the order of each tree.</summary>
    private static IEnumerable<ResourceNode> Operations(ClusterConfiguration configuration, string action, string type, string name) =>
        configuration.Services
            .SelectMany(service => Places(service.Tree, type, name))
            .SelectMany(place => action == "start" ? ResourceOrder.Start(place) : ResourceOrder.Stop(place));

    private static IEnumerable<ResourceNode> Places(ResourceNode node, string type, string name) =>
        node.Type.Name == type && node.Name == name ? [node] : node.Children.SelectMany(child => Places(child, type, name));

    private static async Task<ResourceTypeCatalog?> TypesAsync(string? directory, TextWriter error, CancellationToken cancellationToken)
    {
        if (directory is null)
        {
            return ResourceTypeCatalog.BuiltIn;
        }

        try
        {
            (ResourceTypeCatalog types, IReadOnlyList<string> problems) = await AgentDirectory.ReadAsync(directory, cancellationToken);
            foreach (string problem in problems)
            {
                await error.WriteLineAsync(problem);
            }

            if (types.Types.IsEmpty)
            {
                await error.WriteLineAsync(
                    $"{directory}: it holds no agents. An agent is an executable file that prints a <resource-agent> when called with meta-data");
                return null;
            }

            return types;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{directory}: the agent directory cannot be read: {exception.Message}");
            return null;
        }
    }
}
