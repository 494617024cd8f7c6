using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quorate.Contracts;

namespace Quorate.Executor.Guard.Containment;

/// <summary>A set of processes that can be killed together, wherever they forked or daemonised to. A path: a group holds those below it.</summary>
/// <param name="Path">Parts separated by '/'; empty for everything of this guard.</param>
internal readonly record struct ContainedGroup(string Path)
{
    private const int NameBytes = 12;

    /// <summary>All that this guard ever started.</summary>
    public static ContainedGroup Everything => new("");

    /// <summary>The executor itself.</summary>
    public static ContainedGroup Executor => new("executor");

    /// <summary>All processes of all services.</summary>
    public static ContainedGroup Services => new("services");

    /// <summary>All processes of one service. Its name may hold any character, so the path holds a digest of it.</summary>
    public static ContainedGroup Of(ServiceName service) =>
        new($"services/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(service.Value)).AsSpan(0, NameBytes))}");

    /// <summary>One run of one agent of this service, with what it left behind: killing it spares the service's other resources.</summary>
    public ContainedGroup Run(long number) => new(string.Create(CultureInfo.InvariantCulture, $"{Path}/run{number}"));
}
