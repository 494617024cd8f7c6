using System.Globalization;
using Quorate.Cli.Api;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Faces.Clustat;

/// <summary><c>clustat</c>.</summary>
/// <remarks>Source: clustat(8); rgmanager.md 5.2.</remarks>
internal static class ClustatFace
{
    private const int NotFound = 255;
    private const string ClearScreen = "\u001b[H\u001b[2J";

    /// <summary>Runs the tool.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        ClustatOptions options = ClustatOptions.Read(args);
        if (options.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }

        if (options.Action is ClustatAction.Help or ClustatAction.Version)
        {
            await Console.Out.WriteLineAsync(options.Action == ClustatAction.Help ? ClustatOptions.Usage : $"clustat version {Face.Version}");
            return 0;
        }

        return await ShowAsync(options, cancellation);
    }

    /// <summary>The exit code for what was shown: a service's state, a member's presence.</summary>
    /// <remarks>In XML what is not there is an empty list and no failure, as it was.</remarks>
    public static int ExitCodeOf(ClusterView cluster, ClustatOptions options)
    {
        int notFound = options.IsXml ? 0 : NotFound;
        if (options.Service is { } name)
        {
            return cluster.Services.FirstOrDefault(service => service.Name == name) is not { } found ? notFound
                : found.State is ServiceState.Starting or ServiceState.Started or ServiceState.Stopping ? 0
                : OriginalNumbers.Of(found.State);
        }

        return options.Member is null ? 0
            : cluster.Nodes.FirstOrDefault(node => node.Name.Value == options.Member) is not { } member ? notFound
            : member.State == NodeState.Online ? 0 : 1;
    }

    private static async Task<int> ShowAsync(ClustatOptions options, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(options.Every ?? TimeSpan.FromSeconds(1));
        do
        {
            ClusterView cluster;
            try
            {
                using ClusterApi api = ClusterApi.FromEnvironment();
                cluster = await api.GetClusterAsync(cancellation);
            }
            catch (NoAnswerException silence)
            {
                await Console.Error.WriteLineAsync($"Could not connect to CMAN: {silence.Message}");
                return 1;
            }

            int exitCode = await PrintAsync(cluster, options);
            if (options.Every is null || options.Action != ClustatAction.Show)
            {
                return exitCode;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));

        return 0;
    }

    private static async Task<int> PrintAsync(ClusterView cluster, ClustatOptions options)
    {
        NodeName? local = LocalNode.Find(cluster.Nodes.Select(node => node.Name));
        switch (options.Action)
        {
            case ClustatAction.Quorum:
                return cluster.IsQuorate ? 0 : 1;
            case ClustatAction.NodeId:
                int id = cluster.Nodes.FirstOrDefault(node => node.Name == local)?.Id ?? 0;
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"0x{id:x8}"));
                return 0;
        }

        if (options.IsXml)
        {
            await Console.Out.WriteAsync(ClustatXml.Document(cluster, options, local));
            return ExitCodeOf(cluster, options);
        }

        int exitCode = ExitCodeOf(cluster, options);
        if (exitCode == NotFound)
        {
            await Console.Error.WriteLineAsync(options.Service is { } service ? $"Service \"{service}\" not found" : $"Member \"{options.Member}\" not found");
            return exitCode;
        }

        string clear = options.Every is not null && !Console.IsOutputRedirected ? ClearScreen : "";
        await Console.Out.WriteAsync(clear + ClustatText.Page(cluster, options, local, DateTimeOffset.Now, Columns()));
        return exitCode;
    }

    private static int Columns() => Console.IsOutputRedirected || Console.WindowWidth < ClustatText.ColumnsDefault / 2 ? ClustatText.ColumnsDefault : Console.WindowWidth;
}
