using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Quorate.Cli.Commands;

/// <summary>How long a command waits for its outcome, and the key that makes it safe to repeat.</summary>
internal sealed class WaitOptions
{
    private const int WaitSecondsDefault = 60;
    private const int WaitSecondsMax = 3600;

    private readonly Option<int> _wait = new("--wait")
    {
        Description = $"Seconds to wait for the outcome, 1 to {WaitSecondsMax}.",
        DefaultValueFactory = _ => WaitSecondsDefault,
        CustomParser = ReadSeconds,
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the cluster has accepted it." };

    private readonly Option<string?> _requestId = new("--request-id")
    {
        Description = "Key of this request: the same key again never acts twice. Default: a new one.",
        HelpName = "ID",
    };

    /// <summary>Adds the three options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_wait);
        command.Options.Add(_noWait);
        command.Options.Add(_requestId);
    }

    /// <summary>The time to wait; null for none.</summary>
    public TimeSpan? Wait(ParseResult parsed) => parsed.GetValue(_noWait) ? null : TimeSpan.FromSeconds(parsed.GetValue(_wait));

    /// <summary>The key given, or a new one.</summary>
    public string RequestId(ParseResult parsed) => parsed.GetValue(_requestId) is { Length: > 0 } given ? given : Guid.NewGuid().ToString("N");

    private static int ReadSeconds(ArgumentResult typed)
    {
        string word = typed.Tokens[0].Value;
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= WaitSecondsMax)
        {
            return seconds;
        }

        typed.AddError($"--wait takes 1 to {WaitSecondsMax} seconds, not '{word}'; --no-wait does not wait");
        return WaitSecondsDefault;
    }
}
