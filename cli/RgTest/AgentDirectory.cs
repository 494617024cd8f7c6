using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Quorate.Model.Resources;

namespace Quorate.Cli.RgTest;

/// <summary>Learns resource types from a directory of agents, by asking each executable for its <c>meta-data</c>.</summary>
/// <remarks>
/// Source: rgmanager.md 2.1. Files ending in ~ and with an extension that starts with .rpm are left alone. Previously (rgmanager) every
/// other executable was run, whatever it was. Now only those that <see cref="AgentFile"/> takes for agents are.
/// </remarks>
internal static class AgentDirectory
{
    private const int AtOnceMax = 4;
    private const int AgentsMax = 500;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>Asks every agent of a directory.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="cancellationToken">Ends the agents that still run.</param>
    /// <returns>The types by file name order, of two with one name the first; and a sentence for each file that gave none.</returns>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static async Task<(ResourceTypeCatalog Types, IReadOnlyList<string> Problems)> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        string[] found = [.. Directory.EnumerateFiles(directory).Where(AgentFile.LooksLikeOne).Order(StringComparer.Ordinal)];
        string[] files = found[..Math.Min(found.Length, AgentsMax)];
        AgentMetadataResult[] results = new AgentMetadataResult[files.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Length, options, async (index, cancellation) => results[index] = await AskAsync(files[index], cancellation));

        List<ResourceType> types = [];
        List<string> problems = found.Length > AgentsMax ? [$"{directory}: it holds {found.Length} agents; only the first {AgentsMax} by name are asked"] : [];
        for (int index = 0; index < files.Length; index++)
        {
            problems.AddRange(results[index].Problems.Select(problem => $"{files[index]}: {problem}"));
            if (results[index].Type is not { } type)
            {
                continue;
            }

            if (types.Exists(known => known.Name == type.Name))
            {
                problems.Add($"{files[index]}: type {type.Name} is described twice; the first is used");
            }

            types.Add(type with { Agent = new AgentBinding { Class = AgentClass.Rgmanager, Type = Path.GetFileName(files[index]) } });
        }

        return (new(types), problems);
    }

    private static async Task<AgentMetadataResult> AskAsync(string file, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Path.GetFullPath(file), ["meta-data"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        using Process agent = new() { StartInfo = start };
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(AnswerWithin);
        try
        {
            agent.Start();
            agent.StandardInput.Close();
            agent.BeginErrorReadLine();
            string text = await ReadAsync(agent.StandardOutput, deadline.Token);
            if (text.Length <= AgentMetadata.CharactersMax)
            {
                await agent.WaitForExitAsync(deadline.Token);
                return AgentMetadata.Parse(text);
            }

            agent.Kill(entireProcessTree: true);
            return new(null, [$"it printed more than {AgentMetadata.CharactersMax} characters of metadata and was ended"]);
        }
        catch (Win32Exception exception)
        {
            return new(null, [$"it cannot be run: {exception.Message}"]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            agent.Kill(entireProcessTree: true);
            return new(null, [$"it gave no metadata within {AnswerWithin.TotalSeconds} s and was ended"]);
        }
    }

    /// <summary>Reads to the end, or one buffer past the bound.</summary>
    private static async Task<string> ReadAsync(StreamReader output, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        char[] buffer = new char[8192];
        int read;
        while (text.Length <= AgentMetadata.CharactersMax && (read = await output.ReadAsync(buffer.AsMemory(), cancellationToken)) > 0)
        {
            text.Append(buffer, 0, read);
        }

        return text.ToString();
    }
}
