using System.Globalization;
using Quorate.Contracts;

namespace Quorate.Cli.Faces.Clustat;

/// <summary>What <c>clustat</c> was asked for.</summary>
/// <remarks>Source: rgmanager.md 5.2.</remarks>
internal sealed record ClustatOptions
{
    public const string Letters = "fIls:m:i:xvQh";

    public const string Usage = """
        usage: clustat <options>
            -f                 fast: accepted, and nothing else (one question gets all there is)
            -h                 this help
            -I                 display local nodeid and exit
            -i <interval>      refresh every <interval> seconds; not with -x
            -l                 long format for services
            -m <member>        status of <member> and exit
            -Q                 0 if quorate, 1 if not, and nothing else
            -s <service>       status of <service> and exit
            -v                 version and exit
            -x                 as XML
        """;

    public ClustatAction Action { get; init; } = ClustatAction.Show;

    public bool IsXml { get; init; }

    public bool IsLong { get; init; }

    public ServiceName? Service { get; init; }

    public string? Member { get; init; }

    /// <summary>From a second; null without.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>What is wrong with the command line; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a command line. The first option that acts at once (<c>-v -I -Q -h</c>) decides.</summary>
    public static ClustatOptions Read(IReadOnlyList<string> args)
    {
        ClustatOptions read = new();
        foreach ((char letter, string value) in ShortOptions.Read(args, Letters).Options)
        {
            switch (letter)
            {
                case 'v': return read with { Action = ClustatAction.Version };
                case 'I': return read with { Action = ClustatAction.NodeId };
                case 'Q': return read with { Action = ClustatAction.Quorum };
                case 'h': return read with { Action = ClustatAction.Help };
                case 'x' when read.Every is not null: return read with { Problem = "Error: Can't use -x with -i" };
                case 'x': read = read with { IsXml = true }; break;
                case 'i' when read.IsXml: return read with { Problem = "Error: Can't use -i with -x" };
                case 'i': read = read with { Every = Interval(value) }; break;
                case 'l': read = read with { IsLong = true }; break;
                case 'f': break;
                case 's': read = read with { Service = ServiceName.Parse(value) }; break;
                case 'm': read = read with { Member = value }; break;
                default: return read with { Problem = $"clustat: there is no option -{value}, or it lacks its value\n{Usage}" };
            }
        }

        return read;
    }

    private static TimeSpan Interval(string typed) =>
        TimeSpan.FromSeconds(int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? Math.Max(1, seconds) : 1);
}

/// <summary>What <c>clustat</c> does.</summary>
internal enum ClustatAction
{
    Show,
    Version,
    NodeId,
    Quorum,
    Help,
}
