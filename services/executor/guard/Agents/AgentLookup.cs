using Quorate.Executor.Core.Agents;
using Quorate.Executor.Guard.Native;
using Quorate.Model.Resources;

namespace Quorate.Executor.Guard.Agents;

/// <summary>Finds the file of an agent, in the directories this guard was started with and nowhere else.</summary>
/// <remarks>
/// OCF: <c>DIR/resource.d/PROVIDER/TYPE</c>, <c>DIR/PROVIDER/TYPE</c>, and our own provider <c>quorate</c> also as <c>DIR/TYPE</c>.
/// rgmanager: <c>DIR/TYPE.sh</c>, <c>DIR/TYPE</c>. LSB: the absolute path the resource names in the configuration.
/// </remarks>
internal sealed class AgentLookup(IReadOnlyList<string> directories)
{
    /// <summary>Where Debian and others put OCF agents.</summary>
    public const string DefaultDirectory = "/usr/lib/ocf";

    private const string OwnProvider = "quorate";

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

            if (Libc.Access(candidate, Libc.AccessExecute) == 0)
            {
                return candidate;
            }

            problem = $"{candidate} is not executable: chmod +x it";
            return null;
        }

        problem = $"no agent {NameOf(invocation)} here: looked for {string.Join(", ", candidates)}";
        return null;
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
