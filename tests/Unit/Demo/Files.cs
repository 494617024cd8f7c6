using Quorate.Cli.Demo.Script;
using Quorate.Cli.Demo.Witness;

namespace Quorate.Tests.Unit.Demo;

/// <summary>Files of the witness agents, written by hand: one line each, <c>TIME NODE EVENT NAME</c>, times in seconds.</summary>
internal static class Files
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The beginning: nothing was written.</summary>
    public static Moment Beginning => new(0, 0);

    public static Testimony With(params string[] lines)
    {
        IReadOnlyList<WitnessLine> all =
        [
            .. WitnessLine.ReadAll(string.Concat(lines.Select(line => line + "\n"))).Select(line => line with { Time = line.Time * NanosecondsPerSecond }),
        ];
        return new Testimony([.. all.Where(line => line.Event != "alive")], [.. all.Where(line => line.Event == "alive")]);
    }

    /// <summary>An action after so many events, at that second.</summary>
    public static Moment Action(int events, long second) => new(events, second * NanosecondsPerSecond);

    /// <summary>A second, as the files have it.</summary>
    public static long At(long second) => second * NanosecondsPerSecond;
}
