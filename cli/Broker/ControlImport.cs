using System.ComponentModel;
using System.Diagnostics;

using Quorate.Cli.Api;

namespace Quorate.Cli.Broker;

/// <summary>Gives definitions to a broker by <c>rabbitmqctl import_definitions</c>, over its standard input.</summary>
internal static class ControlImport
{
    private const int ExcerptCharactersMax = 600;

    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Imports.</summary>
    /// <param name="program">Name or path of rabbitmqctl.</param>
    /// <param name="node">The broker's node; null for its default.</param>
    /// <param name="definitions">What to import.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NoAnswerException">It did not end in time.</exception>
    /// <exception cref="IOException">It cannot be run, or failed; the message has its last words.</exception>
    public static async Task RunAsync(string program, string? node, byte[] definitions, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words = [.. node is null ? Array.Empty<string>() : ["-n", node], "import_definitions"];
        foreach (string word in words)
        {
            start.ArgumentList.Add(word);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeMax);
        using Process process = Start(start);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await FeedAsync(process, definitions, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            string said = $"{await output}{await errors}".Trim();
            if (process.ExitCode != 0)
            {
                throw new IOException($"{program} import_definitions failed with {process.ExitCode}: {(said.Length <= ExcerptCharactersMax ? said : said[^ExcerptCharactersMax..])}");
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new NoAnswerException($"{program} did not end within {TimeMax.TotalSeconds} s");
        }
    }

    private static async Task FeedAsync(Process process, byte[] definitions, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(definitions, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; why is said by what it printed.
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException($"{start.FileName} was not started");
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"{start.FileName} cannot be run: {failure.Message}", failure);
        }
    }
}
