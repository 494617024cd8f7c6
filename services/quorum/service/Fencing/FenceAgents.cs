using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Quorate.Contracts;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core.Fencing;

namespace Quorate.Quorum.Service.Fencing;

/// <summary>Runs fence agents: options on standard input, a time limit, and what they print kept short.</summary>
/// <remarks>Source: the fence agent API: <c>name=value</c> lines on standard input; exit 0 done or on, 2 off, else failed.</remarks>
internal sealed class FenceAgents(FenceAgentSettings settings)
{
    private const int ExitDone = 0;
    private const int ExitOff = 2;
    private const int DetailLengthMax = 300;
    private const int DetailLinesMax = 3;
    private const int OutputCharactersMax = 16 * 1024;

    /// <summary>What stands in the name of an option that only the agent may know: passwords, keys of clouds, the community of SNMP.</summary>
    private static readonly string[] Secrets = ["passw", "secret", "token", "key", "community", "pin"];

    /// <summary>How long a killed agent's output may take to end: a child that it left may hold the pipe open.</summary>
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromSeconds(1);

    /// <summary>Runs one agent once.</summary>
    /// <param name="node">The node to cut off, told as <c>nodename</c>.</param>
    /// <param name="device">Which device, with its options.</param>
    /// <param name="action">What it is told.</param>
    /// <param name="cancellation">Ends the agent as a timeout does.</param>
    /// <returns>Never an exception for what an agent does: the outcome and its last words.</returns>
    public async Task<(FenceOutcome Outcome, string Detail)> RunAsync(
        NodeName node, FenceDevice device, FenceAction action, CancellationToken cancellation)
    {
        if (settings.Directories.Select(directory => Path.Combine(directory, device.Agent)).FirstOrDefault(File.Exists) is not { } program)
        {
            return (FenceOutcome.Unstartable, $"no {device.Agent} in {string.Join(", ", settings.Directories)}; install it there (Debian: fence-agents)");
        }

        if (device.Options.FirstOrDefault(option => option.Value.AsSpan().ContainsAny('\n', '\r')) is { Key: { } broken })
        {
            return (FenceOutcome.Unstartable, $"option {broken} holds a line break");
        }

        try
        {
            return await RunAsync(program, Input(node, device, action), device, action, cancellation);
        }
        catch (Win32Exception failure)
        {
            return (FenceOutcome.Unstartable, failure.Message);
        }
    }

    private async Task<(FenceOutcome Outcome, string Detail)> RunAsync(
        string program, string input, FenceDevice device, FenceAction action, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // The settings of this service hold passwords of the bus and the database; an agent has no use for them.
        foreach (string variable in start.Environment.Keys.Where(name => name.StartsWith("Quorate", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        string mark = Guid.NewGuid().ToString("N");
        start.Environment[FenceProcesses.Variable] = mark;
        FenceProcesses all = new(mark);
        using Process process = Process.Start(start) ?? throw new Win32Exception($"{program} was not started");
        Task<string> output = TailAsync(process.StandardOutput);
        Task<string> error = TailAsync(process.StandardError);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Timeout);
        bool isInTime = true;
        try
        {
            await FeedAsync(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            isInTime = false;
        }

        // Whatever the agent left behind could still act on the device while the next step does, or on the node's next life.
        string left = await all.EndAllAsync() ? "" : "; some of its processes do not die";
        if (!isInTime)
        {
            return (FenceOutcome.TimedOut,
                (cancellation.IsCancellationRequested ? "ended because this replica stops" : $"killed after {settings.Timeout.TotalSeconds:0} s") + left);
        }

        string detail = LastWords(await EndAsync(error), await EndAsync(output), device) + left;
        return (Meaning(action, process.ExitCode), process.ExitCode is ExitDone or ExitOff ? detail : $"exit status {process.ExitCode}{(detail.Length == 0 ? "" : ": ")}{detail}");
    }

    private static FenceOutcome Meaning(FenceAction action, int exitCode) => (action, exitCode) switch
    {
        (FenceAction.Status, ExitOff) => FenceOutcome.IsOff,
        (FenceAction.Status, ExitDone) => FenceOutcome.IsOn,
        (FenceAction.Status, _) => FenceOutcome.Failed,
        (_, ExitDone) => FenceOutcome.Done,
        _ => FenceOutcome.Failed,
    };

    private static string Input(NodeName node, FenceDevice device, FenceAction action)
    {
        StringBuilder lines = new();
        lines.Append("action=").Append(FenceProcedure.Text(action)).Append('\n');
        if (!device.Options.ContainsKey("nodename"))
        {
            lines.Append("nodename=").Append(node.Value).Append('\n');
        }

        foreach ((string name, string value) in device.Options)
        {
            lines.Append(name).Append('=').Append(value).Append('\n');
        }

        return lines.ToString();
    }

    private static async Task FeedAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading all; its exit status says what that means.
        }
    }

    /// <summary>The end of a stream; whatever comes before it is read and forgotten, so that nothing an agent prints can fill the memory.</summary>
    private static async Task<string> TailAsync(StreamReader stream)
    {
        StringBuilder tail = new();
        char[] block = new char[4096];
        int length;
        while ((length = await stream.ReadAsync(block)) > 0)
        {
            tail.Append(block, 0, length);
            if (tail.Length > 2 * OutputCharactersMax)
            {
                tail.Remove(0, tail.Length - OutputCharactersMax);
            }
        }

        return tail.ToString();
    }

    private static async Task<string> EndAsync(Task<string> stream)
    {
        try
        {
            return await stream.WaitAsync(LastWordsMax);
        }
        catch (TimeoutException)
        {
            // A child of the agent lives on and holds the pipe; what it may still say does not matter.
            return "";
        }
    }

    /// <summary>
    /// The last lines that say something, without secrets. Debian's agents end with the advice to ask for help; what went wrong
    /// stands before it.
    /// </summary>
    private static string LastWords(string error, string output, FenceDevice device)
    {
        string line = Last(error) is { Length: > 0 } complaint ? complaint : Last(output);
        foreach ((string name, string value) in device.Options)
        {
            // Trimmed, because the lines are.
            string secret = value.Trim();
            if (secret.Length > 0 && Secrets.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                line = line.Replace(secret, "****", StringComparison.Ordinal);
            }
        }

        return FenceText.Plain(line, DetailLengthMax);
    }

    private static string Last(string text) =>
        string.Join(" / ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(DetailLinesMax));
}
