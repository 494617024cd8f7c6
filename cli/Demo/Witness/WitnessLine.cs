using System.Globalization;

namespace Quorate.Cli.Demo.Witness;

/// <summary>One line of a witness file: <c>TIME NODE start|stop|refused|alive NAME</c>.</summary>
/// <param name="Time">CLOCK_BOOTTIME of the machine that all nodes share, in nanoseconds, in steps of 10 ms.</param>
/// <remarks>Source: the head of <c>examples/agents/quorate/Witness</c>.</remarks>
public sealed record WitnessLine(long Time, string Node, string Event, string Name)
{
    private const int FieldCount = 4;

    /// <summary>Reads the text of a witness file; a last line without its end is still being written and is left out.</summary>
    /// <exception cref="FormatException">A complete line is none of the agent's.</exception>
    public static IReadOnlyList<WitnessLine> ReadAll(string text)
    {
        string[] lines = text.Split('\n');
        return [.. lines[..^1].Where(line => line.Length > 0).Select(Parse)];
    }

    private static WitnessLine Parse(string line)
    {
        string[] fields = line.Split(' ');
        return fields.Length == FieldCount && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? new WitnessLine(time, fields[1], fields[2], fields[3])
            : throw new FormatException($"not a line of the witness agent: '{line}'");
    }
}
