using System.Text;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Guard.Native;
using Quorate.Model.Resources;

namespace Quorate.Executor.Guard.Agents;

/// <summary>Finds the file of an agent, in the directories this guard was started with and nowhere else.</summary>
/// <remarks>
/// OCF: <c>DIR/resource.d/PROVIDER/TYPE</c>, <c>DIR/PROVIDER/TYPE</c>, and our own provider <c>quorate</c> also as <c>DIR/TYPE</c>.
/// rgmanager: <c>DIR/TYPE.sh</c>, <c>DIR/TYPE</c>. LSB: the absolute path the resource names in the configuration. systemd: <c>systemctl</c>, of the machine
/// where none of the directories has one.
/// </remarks>
internal sealed class AgentLookup(IReadOnlyList<string> directories)
{
    /// <summary>Where Debian and others put OCF agents.</summary>
    public const string DefaultDirectory = "/usr/lib/ocf";

    private const string OwnProvider = "quorate";

    /// <summary>How much of a first line the kernel reads.</summary>
    private const int FirstLineMax = 256;

    /// <summary>The agent's file; null, with the reason, where there is none that can run.</summary>
    public string? Find(AgentInvocation invocation, out string problem)
    {
        IReadOnlyList<string> candidates = Candidates(invocation, out problem);
        if (problem.Length > 0)
        {
            return null;
        }

        foreach (string candidate in candidates)
        {
            if (!File.Exists(candidate))
            {
                continue;
            }

            problem = Libc.Access(candidate, Libc.AccessExecute) != 0 ? $"{candidate} is not executable: chmod +x it"
                : MissingInterpreter(candidate) is { } interpreter ? $"{candidate} needs {interpreter}, which is not here: install it, or mend the first line"
                : "";
            return problem.Length == 0 ? candidate : null;
        }

        problem = $"no agent {NameOf(invocation)} here: looked for {string.Join(", ", candidates)}";
        return null;
    }

    /// <summary>What its first line names and this machine lacks (a line feed of Windows included); null where nothing is missing.</summary>
    private static string? MissingInterpreter(string file)
    {
        try
        {
            Span<byte> first = stackalloc byte[FirstLineMax];
            using FileStream content = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            ReadOnlySpan<byte> line = first[..content.ReadAtLeast(first, FirstLineMax, throwOnEndOfStream: false)];
            if (!line.StartsWith("#!"u8) || line.IndexOf((byte)'\n') is not (> 0 and var end))
            {
                return null;
            }

            string interpreter = Encoding.UTF8.GetString(line[2..end]).Trim(' ', '\t').Split([' ', '\t'], 2)[0];
            return interpreter.StartsWith('/') && !File.Exists(interpreter) ? $"'{interpreter.Replace("\r", "\\r", StringComparison.Ordinal)}'" : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It may well run all the same; if not, its start says why.
            return null;
        }
    }

    private IReadOnlyList<string> Candidates(AgentInvocation invocation, out string problem)
    {
        problem = "";
        switch (invocation.Class)
        {
            case AgentClass.Ocf when IsFileName(invocation.Type) && (invocation.Provider.Length == 0 || IsFileName(invocation.Provider)):
                return [.. directories.SelectMany(directory => OcfCandidates(directory, invocation))];
            case AgentClass.Rgmanager when IsFileName(invocation.Type):
                return [.. directories.SelectMany(directory => new[] { Path.Combine(directory, $"{invocation.Type}.sh"), Path.Combine(directory, invocation.Type) })];
            case AgentClass.Systemd:
                return [.. directories.Append("/usr/bin").Append("/bin").Select(directory => Path.Combine(directory, SystemdUnit.Program))];
            case AgentClass.Lsb when invocation.File.StartsWith('/') && Path.GetFullPath(invocation.File) == invocation.File:
                return [invocation.File];
            case AgentClass.Lsb:
                problem = $"the script's file '{invocation.File}' is not an absolute path: set file=\"/...\" in the configuration";
                return [];
            default:
                problem = $"'{NameOf(invocation)}' is no name of an agent";
                return [];
        }
    }

    private static IEnumerable<string> OcfCandidates(string directory, AgentInvocation invocation)
    {
        string provider = invocation.Provider.Length == 0 ? OwnProvider : invocation.Provider;
        yield return Path.Combine(directory, "resource.d", provider, invocation.Type);
        yield return Path.Combine(directory, provider, invocation.Type);
        if (provider == OwnProvider)
        {
            yield return Path.Combine(directory, invocation.Type);
        }
    }

    private static bool IsFileName(string name) =>
        name.Length > 0 && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static string NameOf(AgentInvocation invocation) => invocation.Class switch
    {
        AgentClass.Ocf => $"ocf:{invocation.Provider}:{invocation.Type}",
        AgentClass.Lsb => invocation.File,
        _ => invocation.Type,
    };
}
