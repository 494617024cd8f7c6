using System.Diagnostics;

namespace Quorate.Tests.Integration.Cli;

/// <summary>The <c>quorate</c> command as a shell runs it.</summary>
internal static class CommandProcess
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end, with an empty standard input and no cluster to find.</summary>
    public static Task<CommandEnd> RunAsync(params string[] words) => RunAsync(new Dictionary<string, string>(), words);

    /// <summary>The same with the cluster at an address; null for none to find.</summary>
    public static Task<CommandEnd> RunAsync(Uri? cluster, params string[] words) =>
        RunAsync(cluster is null ? [] : new Dictionary<string, string> { ["QUORATE_API"] = cluster.AbsoluteUri }, words);

    /// <summary>The same with more in its environment.</summary>
    public static async Task<CommandEnd> RunAsync(Dictionary<string, string> environment, params string[] words)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "quorate"), words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("QUORATE_API");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("quorate was not started");
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(TimeMax);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandEnd(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
