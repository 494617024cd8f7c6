using System.CommandLine;
using Quorate.Cli.Api;
using Quorate.Cli.Files;
using Quorate.Contracts.Views;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Cli.Config;

/// <summary><c>quorate config apply|show|history|diff</c>: the configuration of a running cluster, and what another one would change.</summary>
internal static class ConfigCommand
{
    private const int NoDifference = 0;
    private const int Differs = 1;
    private const int Unreadable = 3;

    /// <summary>Makes the command with its subcommands.</summary>
    public static Command Create() => new("config", "Put a cluster.conf into force, show the one in force and those before it, compare two.")
    {
        LiveConfiguration.Apply(), LiveConfiguration.Show(), LiveConfiguration.History(), Diff(),
    };

    /// <summary>Compares two files and prints what lies between them.</summary>
    /// <returns>0 when the new one means the same, 1 when it differs, 3 when one of them gave no configuration.</returns>
    public static int Diff(string old, string present, bool asJson, TextWriter output, TextWriter error)
    {
        return Read(old, error) is { } before && Read(present, error) is { } after ? Print(before, after, asJson, output) : Unreadable;
    }

    private static int Print(ClusterConfiguration before, ClusterConfiguration after, bool asJson, TextWriter output)
    {
        ConfigurationDelta delta = ConfigurationDelta.Between(before, after);
        output.WriteLine(asJson ? ConfigDiffOutput.Json(before, after, delta) : ConfigDiffOutput.Text(before, after, delta));
        return delta.IsEmpty ? NoDifference : Differs;
    }

    private static Command Diff()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "The cluster.conf to take the place of the one in force; two files are compared with each other, the first being the older.",
            Arity = new ArgumentArity(1, 2),
        };
        Option<bool> json = new("--json") { Description = "Print the differences as JSON and nothing else." };
        Command diff = new("diff", "Show what a new configuration would stop, start or reconfigure, and why. Exit: 0 nothing, 1 something, 3 unreadable or no answer.")
        {
            files, json,
        };
        diff.SetAction(async (parsed, cancellation) =>
        {
            await using StreamWriter output = new(Console.OpenStandardOutput());
            return parsed.GetRequiredValue(files) is [var old, var present]
                ? Diff(old, present, parsed.GetValue(json), output, Console.Error)
                : await DiffWithLiveAsync(parsed.GetRequiredValue(files)[0], parsed.GetValue(json), output, cancellation);
        });
        return diff;
    }

    private static async Task<int> DiffWithLiveAsync(string file, bool asJson, TextWriter output, CancellationToken cancellation)
    {
        if (Read(file, Console.Error) is not { } after)
        {
            return Unreadable;
        }

        using ClusterApi api = ClusterApi.FromEnvironment();
        ConfigurationView? live = await api.GetConfigurationAsync(version: null, cancellation);
        if (live?.Text is not { } text || ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration is not { } before)
        {
            await Console.Error.WriteLineAsync("quorate: the cluster has no configuration that can be read here");
            return Unreadable;
        }

        return Print(before, after, asJson, output);
    }

    private static ClusterConfiguration? Read(string file, TextWriter error)
    {
        ClusterConfiguration? configuration = ConfigurationFile.ReadUsable(file, ResourceTypeCatalog.BuiltIn, error);
        if (configuration is null)
        {
            error.WriteLine($"quorate: {file} gave no configuration; nothing to compare");
        }

        return configuration;
    }
}
