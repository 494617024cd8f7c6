using System.Reflection;
using Quorate.Cli.Faces.Clustat;
using Quorate.Cli.Faces.Clusvcadm;

namespace Quorate.Cli.Faces;

/// <summary>The tools of the original by their names: <c>quorate clustat -x</c>, or the link <c>bin/clustat</c>.</summary>
/// <remarks>
/// Their command lines, output and exit codes are the original's, so that scripts written for it keep working; they do not use the
/// exit codes of <c>quorate</c>. Source: rgmanager.md 5.
/// </remarks>
/// <param name="Word">The name of the tool.</param>
/// <param name="Description">For the help of <c>quorate</c>.</param>
/// <param name="RunAsync">Runs it with its own command line and returns its exit code.</param>
internal sealed record Face(string Word, string Description, Func<IReadOnlyList<string>, CancellationToken, Task<int>> RunAsync)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Face> All { get; } =
    [
        new("clustat", "The cluster's state as clustat(8) shows it.", ClustatFace.RunAsync),
        new("clusvcadm", "Commands to services as clusvcadm(8) takes them.", ClusvcadmFace.RunAsync),
        new("clufindhostname", "The host name of an address, or a name's full name.", ClufindhostnameFace.RunAsync),
        new("clulog", "Write a line to the system's log.", ClulogFace.RunAsync),
    ];

    /// <summary>The version that <c>-v</c> prints.</summary>
    public static string Version { get; } =
        typeof(Face).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The tool of a name; null for none.</summary>
    public static Face? Find(string word) => All.FirstOrDefault(face => face.Word == word);
}
