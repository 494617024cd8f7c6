using Quorate.Contracts;

namespace Quorate.Cli.Faces.Clusvcadm;

/// <summary>What <c>clusvcadm</c> was asked for.</summary>
/// <remarks>Source: rgmanager.md 5.1.</remarks>
internal sealed record ClusvcadmOptions
{
    public const string Letters = "lSue:M:d:r:n:c:m:FvR:s:Z:U:qh";

    public const string Usage = """
        usage: clusvcadm [command]
          -v                     display version and exit
          -d <group>             disable <group>
          -e <group>             enable <group>
          -e <group> -F          enable <group>, its failover domain decides where
          -e <group> -m <member> enable <group> on <member>
          -r <group> -m <member> relocate <group> [to <member>]
          -M <group> -m <member> migrate <group> to <member> (virtual machines)
          -R <group>             restart <group> where it runs
          -s <group>             stop <group>
          -Z <group>             freeze <group>
          -U <group>             unfreeze <group>
          -c <group>             convalesce <group>: repair what failed of it
          -l                     lock the cluster: nothing is started
          -u                     unlock it
          -S                     show whether it is locked
          -q                     quiet
          -n is the same as -m
        """;

    public ClusvcadmAction Action { get; init; } = ClusvcadmAction.None;

    public ServiceName Service { get; init; }

    /// <summary>As typed.</summary>
    public string? Member { get; init; }

    /// <summary>The failover domain decides, not who asks.</summary>
    public bool IsByDomain { get; init; }

    public bool IsQuiet { get; init; }

    /// <summary>What is wrong with the command line; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a command line; the last command counts, but one about the lock acts as soon as it is read.</summary>
    public static ClusvcadmOptions Read(IReadOnlyList<string> args)
    {
        ClusvcadmOptions read = new();
        foreach ((char letter, string value) in ShortOptions.Read(args, Letters).Options)
        {
            switch (letter)
            {
                case 'l': return read with { Action = ClusvcadmAction.Lock };
                case 'u': return read with { Action = ClusvcadmAction.Unlock };
                case 'S': return read with { Action = ClusvcadmAction.QueryLock };
                case 'v': return read with { Action = ClusvcadmAction.Version };
                case 'F': read = read with { IsByDomain = true }; break;
                case 'q': read = read with { IsQuiet = true }; break;
                case 'm' or 'n': read = read with { Member = value }; break;
                default:
                    if (ActionOf(letter) is not { } action)
                    {
                        return read with { Problem = Usage };
                    }

                    read = read with { Action = action, Service = ServiceName.Parse(value) };
                    break;
            }
        }

        return read with { Problem = ProblemOf(read) };
    }

    private static string? ProblemOf(ClusvcadmOptions read) => read switch
    {
        { Action: ClusvcadmAction.None } => Usage,
        { IsByDomain: true, Member: not null } => "Cannot use '-F' with '-n' or '-m'",
        { Action: ClusvcadmAction.Migrate, Member: null } => "Migration requires a target cluster member",
        _ => null,
    };

    private static ClusvcadmAction? ActionOf(char letter) => letter switch
    {
        'e' => ClusvcadmAction.Enable,
        'd' => ClusvcadmAction.Disable,
        'r' => ClusvcadmAction.Relocate,
        'M' => ClusvcadmAction.Migrate,
        's' => ClusvcadmAction.Stop,
        'R' => ClusvcadmAction.Restart,
        'Z' => ClusvcadmAction.Freeze,
        'U' => ClusvcadmAction.Unfreeze,
        'c' => ClusvcadmAction.Convalesce,
        _ => null,
    };
}

/// <summary>What <c>clusvcadm</c> does.</summary>
internal enum ClusvcadmAction
{
    None,
    Enable,
    Disable,
    Relocate,
    Migrate,
    Stop,
    Restart,
    Freeze,
    Unfreeze,
    Convalesce,
    Lock,
    Unlock,
    QueryLock,
    Version,
}
