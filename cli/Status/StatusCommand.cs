using System.CommandLine;
using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Status;

/// <summary><c>quorate status</c>: nodes and services as the cluster sees them.</summary>
internal static class StatusCommand
{
    /// <summary>The subcommand with its options.</summary>
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print the cluster as JSON and nothing else." };
        Command command = new("status", "Show the cluster: quorum, nodes, services and why each is where it is.") { json };
        command.SetAction((parsed, cancellation) => ShowAsync(parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> ShowAsync(bool asJson, CancellationToken cancellation)
    {
        using ClusterApi api = ClusterApi.FromEnvironment();
        ClusterView cluster = await api.GetClusterAsync(cancellation);
        if (asJson)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(cluster, ApiJson.Default.ClusterView));
        }
        else
        {
            StatusTable.Write(cluster);
        }

        return ExitCode.Done;
    }
}
