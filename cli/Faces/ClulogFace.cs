using System.Diagnostics;

namespace Quorate.Cli.Faces;

/// <summary><c>clulog [-m NAME] -s SEVERITY "text"</c>: a script's line in the system's log.</summary>
/// <remarks>Source: rgmanager.md 5.3. logger(1) of util-linux writes the line. The exit code is 0 whatever happens, as it was.</remarks>
internal static class ClulogFace
{
    private const string Daemon = "rgmanager";
    private const string Usage = "usage: clulog [-m name] -s severity \"message text\"";
    private const int SeverityDefault = 6;

    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(10);

    /// <summary>By their numbers in syslog(3).</summary>
    private static readonly string[] Severities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>Runs the tool.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        (IReadOnlyList<(char Letter, string Value)> options, IReadOnlyList<string> words) = ShortOptions.Read(args, "m:s:l:h");
        if (options.Any(option => option.Letter is 'h' or ShortOptions.Unknown) || words.Count == 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 0;
        }

        string name = options.LastOrDefault(option => option.Letter == 'm').Value ?? Daemon;
        string severity = SeverityOf(options.LastOrDefault(option => option.Letter is 's' or 'l').Value ?? "");
        await LogAsync(severity, Line(name, words), cancellation);
        return 0;
    }

    /// <summary>The line as the log gets it: with the name of whoever writes, unless the daemon itself does.</summary>
    public static string Line(string name, IReadOnlyList<string> words) =>
        name == Daemon ? string.Join(' ', words) : $"[{name}] {string.Join(' ', words)}";

    /// <summary>A severity by name or number; <c>info</c> for anything else.</summary>
    public static string SeverityOf(string typed)
    {
        string word = typed.ToLowerInvariant() switch { "error" => "err", "warn" => "warning", "panic" => "emerg", var other => other };
        return Severities.Contains(word) ? word
            : int.TryParse(word, out int number) && number >= 0 && number < Severities.Length ? Severities[number]
            : Severities[SeverityDefault];
    }

    private static async Task LogAsync(string severity, string line, CancellationToken cancellation)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(LogTimeout);
        try
        {
            using Process? logger = Process.Start(new ProcessStartInfo("logger", ["-t", Daemon, "-p", $"daemon.{severity}", "--", line]));
            await (logger?.WaitForExitAsync(bound.Token) ?? Task.CompletedTask);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"clulog: logger(1) cannot write it ({failure.Message}): {line}");
        }
    }
}
