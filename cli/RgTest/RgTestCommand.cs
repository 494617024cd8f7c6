using System.CommandLine;
using Quorate.Cli.Files;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.RgTest;

/// <summary><c>quorate rg_test</c>: what would run, in which order, and what a new configuration would change, as the old tool printed it.</summary>
/// <remarks>Source: rgmanager.md 5.3 for texts and exit codes, an unknown resource and an unreadable file included. Nothing is ever run.</remarks>
internal static class RgTestCommand
{
    private const int Done = 0;
    private const int Usage = 1;
    private const string UsageText =
        """
        usage: rg_test [AGENTDIR] noop CONF start|stop TYPE NAME
               rg_test [AGENTDIR] delta OLD NEW
               rg_test [AGENTDIR] test CONF
               rg_test [AGENTDIR] rules
          AGENTDIR  a directory of agents that answer meta-data; without it Quorate's own rule files serve
        """;

    /// <summary>Makes the command for the command line.</summary>
    public static Command Create()
    {
        Argument<string[]> words = new("WORDS")
        {
            Description = "[AGENTDIR] followed by: noop CONF start|stop TYPE NAME, delta OLD NEW, test CONF, or rules",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Command command = new("rg_test", "Print in which order resources start or stop, and what a new configuration changes.") { words };
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
        (string? directory, string[] rest) = words is [] or ["noop" or "delta" or "test" or "rules", ..] ? (null, words) : (words[0], words[1..]);
        Action<ResourceTypeCatalog>? command = rest switch
        {
            ["noop", var file, ("start" or "stop") and var action, var type, var name] => types => Order(file, types, action, type, name, output, error),
            ["delta", var old, var present] => types => Delta(old, present, types, output, error),
            ["test", var file] => types => Test(file, types, output, error),
            ["rules"] => types => RuleListing.Print(types, output),
            _ => null,
        };
        if (command is null)
        {
            await error.WriteLineAsync(UsageText);
            return Usage;
        }

        if (await TypesAsync(directory, error, cancellationToken) is not { } known)
        {
            return Usage;
        }

        command(known);
        return Done;
    }

    private static void Order(string file, ResourceTypeCatalog types, string action, string type, string name, TextWriter output, TextWriter error)
    {
        if (Read(file, types, error) is not { } configuration)
        {
            return;
        }

        if (!configuration.Resources.Any(resource => resource.Type.Name == type && resource.Name == name))
        {
            output.WriteLine($"No resource {name} of type {type} found");
            return;
        }

        (string doing, string noun) = action == "start" ? ("Starting", "Start") : ("Stopping", "Stop");
        output.WriteLine($"{doing} {name}...");
        foreach (ResourceNode node in Operations(configuration, action, type, name))
        {
            output.WriteLine($"[{action}] {node.Label}");
        }

        output.WriteLine($"{noun} of {name} complete");
    }

    private static void Delta(string old, string present, ResourceTypeCatalog types, TextWriter output, TextWriter error)
    {
        if (Read(old, types, error) is { } before && Read(present, types, error) is { } after)
        {
            new DeltaListing(before, after, output).Print();
        }
    }

    private static void Test(string file, ResourceTypeCatalog types, TextWriter output, TextWriter error)
    {
        output.WriteLine("Running in test mode.");
        output.WriteLine($"Loaded {types.Types.Length} resource rules");
        if (Read(file, types, error) is not { } configuration)
        {
            return;
        }

        ResourceListing listing = new(output);
        listing.Line("=== Resources List ===");
        listing.Resources(configuration, _ => "");
        listing.Line("=== Resource Tree ===");
        listing.Trees(configuration);
        listing.Line("=== Failover Domains ===");
        listing.Domains(configuration);
    }

    private static ClusterConfiguration? Read(string file, ResourceTypeCatalog types, TextWriter error)
    {
        ClusterConfiguration? configuration = ConfigurationFile.ReadUsable(file, types, error);
        if (configuration is null)
        {
            error.WriteLine($"Error parsing {file}");
        }

        return configuration;
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
