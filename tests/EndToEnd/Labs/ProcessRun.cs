using System.Diagnostics;

namespace Quorate.Tests.EndToEnd.Labs;

/// <summary>How a program ended and what it said.</summary>
public sealed record ProcessRun(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">An absolute path.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="environment">Added to this process's own; null removes a variable.</param>
    /// <param name="bound">After this it is killed with all its children, and the test fails.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static async Task<ProcessRun> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, TimeSpan bound)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        string commandLine = $"{program} {string.Join(' ', arguments)}";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {commandLine}");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(bound);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{commandLine} did not end within {bound}; it said: {await error}");
        }

        return new ProcessRun(commandLine, process.ExitCode, await output, await error);
    }

    /// <summary>Fails the test unless the program ended with status 0.</summary>
    public ProcessRun MustSucceed()
    {
        Assert.True(ExitCode == 0, $"{CommandLine} ended with status {ExitCode}:\n{Error}\n{Output}");
        return this;
    }
}
