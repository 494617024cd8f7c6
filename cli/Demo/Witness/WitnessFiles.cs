using System.Globalization;

namespace Quorate.Cli.Demo.Witness;

/// <summary>The files that the witness agents write, in the directory that all nodes of the demo share.</summary>
/// <param name="directory">It need not exist yet: the first agent makes it.</param>
internal sealed class WitnessFiles(string directory)
{
    private const string EventsFile = "witness";
    private const string SignsOfLife = "alive.*";
    private const int NanosecondsDigits = 9;

    /// <summary>Everything written so far.</summary>
    /// <exception cref="FormatException">A line is none of the agent's.</exception>
    public Testimony Read()
    {
        if (!Directory.Exists(directory))
        {
            return Testimony.Empty;
        }

        IEnumerable<WitnessLine> signs = Directory.EnumerateFiles(directory, SignsOfLife).Order(StringComparer.Ordinal).SelectMany(ReadFile);
        return new Testimony([.. ReadFile(Path.Combine(directory, EventsFile))], [.. signs]);
    }

    /// <summary>The process that runs a resource now, as its agent noted it; null where none does.</summary>
    public int? FindProcess(string name)
    {
        string file = Path.Combine(directory, $"{name}.owner");
        if (!File.Exists(file) || File.ReadAllText(file).Trim().Split(' ') is not [_, var text]
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
        {
            return null;
        }

        // The number may be another process's by now: what is killed must be the agent's daemon.
        string commandLine = $"/proc/{process}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine).EndsWith("/Witness\0daemon\0", StringComparison.Ordinal) ? process : null;
    }

    /// <summary>CLOCK_BOOTTIME in nanoseconds, in the agent's own steps of 10 ms, so that both can be compared.</summary>
    public static long Now()
    {
        string uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
        int point = uptime.IndexOf('.', StringComparison.Ordinal);
        string fraction = uptime[(point + 1)..].PadRight(NanosecondsDigits, '0');
        return long.Parse(uptime[..point] + fraction, CultureInfo.InvariantCulture);
    }

    private static IReadOnlyList<WitnessLine> ReadFile(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        // The agents go on writing meanwhile.
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream);
        return WitnessLine.ReadAll(reader.ReadToEnd());
    }
}
