using System.Diagnostics;

namespace Quorate.Tests.Integration.Cli;

/// <summary>The <c>quorate</c> command as a shell runs it.</summary>
internal static class CommandProcess
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end, with an empty standard input and no cluster to find.</summary>
    public static Task<CommandEnd> RunAsync(params string[] words) => RunAsync(null, words);

    /// <summary>The same with the cluster at an address; null for none to find.</summary>
    public static async Task<CommandEnd> RunAsync(Uri? cluster, params string[] words)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "quorate"), words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("QUORATE_API");
        if (cluster is not null)
        {
            start.Environment["QUORATE_API"] = cluster.AbsoluteUri;
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
