using System.Diagnostics;

namespace Quorate.Tests.Integration.Demo;

/// <summary>Source: issue "The backbone", deliverable 7.</summary>
public sealed class When_the_demo_plays_by_itself
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task It_observes_every_step_and_leaves_nothing_behind()
    {
        (int code, string output, string errors) = await RunAsync("demo", "--script");

        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        Assert.Contains("OK: every step was observed", output, StringComparison.Ordinal);
        Assert.Empty(errors);
        string directory = Path.GetDirectoryName(output.Split("Log: ")[1].Split('\n')[0]) ?? "";
        Assert.StartsWith(Path.Combine(Path.GetTempPath(), "quorate-demo-"), directory, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(CommandLines(), line => line.Contains(directory, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_terminal_it_points_to_the_script()
    {
        (int code, _, string errors) = await RunAsync("demo");

        Assert.Equal(1, code);
        Assert.Contains("demo --script", errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            string line = "";
            try
            {
                line = File.ReadAllText(Path.Combine(directory, "cmdline"));
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }

            yield return line;
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo command = new(Path.Combine(AppContext.BaseDirectory, "quorate"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(command) ?? throw new InvalidOperationException("quorate was not started");
        using CancellationTokenSource limit = new(TimeMax);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }
}
