using System.CommandLine;
using Quorate.Cli.Files;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Cli.Config;

/// <summary><c>quorate config diff OLD NEW</c>: what would stop, start or be reconfigured, and why, without a cluster.</summary>
internal static class ConfigCommand
{
    private const int NoDifference = 0;
    private const int Differs = 1;
    private const int Unreadable = 3;

    /// <summary>Makes the command with its subcommands.</summary>
    public static Command Create() => new("config", "Compare configurations.") { Diff() };

    /// <summary>Compares two files and prints what lies between them.</summary>
    /// <returns>0 when the new one means the same, 1 when it differs, 3 when one of them gave no configuration.</returns>
    public static int Diff(string old, string present, bool asJson, TextWriter output, TextWriter error)
    {
        if (Read(old, error) is not { } before || Read(present, error) is not { } after)
        {
            return Unreadable;
        }

        ConfigurationDelta delta = ConfigurationDelta.Between(before, after);
        output.WriteLine(asJson ? ConfigDiffOutput.Json(before, after, delta) : ConfigDiffOutput.Text(before, after, delta));
        return delta.IsEmpty ? NoDifference : Differs;
    }

    private static Command Diff()
    {
        Argument<string> old = new("OLD") { Description = "The cluster.conf in use." };
        Argument<string> present = new("NEW") { Description = "The cluster.conf to take its place." };
        Option<bool> json = new("--json") { Description = "Print the differences as JSON and nothing else." };
        Command diff = new("diff", "Show what a new configuration would stop, start or reconfigure, and why. Exit: 0 nothing, 1 something, 3 unreadable.")
        {
            old, present, json,
        };
        diff.SetAction(parsed =>
        {
            using StreamWriter output = new(Console.OpenStandardOutput());
            return Diff(parsed.GetRequiredValue(old), parsed.GetRequiredValue(present), parsed.GetValue(json), output, Console.Error);
        });
        return diff;
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
