using System.Globalization;

using Quorate.Cli.Api;
using Quorate.Contracts;

namespace Quorate.Cli.Commands;

/// <summary>What a command's answer means to the person and to the shell.</summary>
/// <param name="ExitCode">One of <see cref="Cli.ExitCode"/>.</param>
/// <param name="Lines">What to print: the outcome first, then every reason.</param>
internal sealed record Outcome(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>Reads an answer.</summary>
    /// <param name="what">What was asked, such as <c>enable service:web</c>.</param>
    /// <param name="reply">What came back.</param>
    /// <param name="wait">How long the outcome was waited for; null if it was not wanted.</param>
    /// <remarks>
    /// "Already running" counts as done, as clusvcadm(8) had it: what was wanted is so. "Done with a warning" does too.
    /// </remarks>
    public static Outcome Of(string what, CommandReply reply, TimeSpan? wait)
    {
        if (reply.Result is not { } result)
        {
            return wait is { } waited
                ? new Outcome(Cli.ExitCode.NoAnswer, [string.Create(CultureInfo.InvariantCulture, $"{what}: not finished after {waited.TotalSeconds:0} s; it goes on as operation {reply.Operation ?? "unknown"}")])
                : new Outcome(Cli.ExitCode.Done, [$"{what}: accepted as operation {reply.Operation ?? "unknown"}"]);
        }

        bool isDone = result is ResultCode.Success or ResultCode.AlreadyRunning or ResultCode.Warning;
        string ending = isDone && reply.Owner is { } owner ? $"; runs on {owner}" : string.Empty;
        string number = result == ResultCode.Success ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" ({reply.Code ?? (int)result})");
        List<string> lines = [$"{what}: {ResultCodeText.Of(result)}{number}{ending}"];
        lines.AddRange((reply.Reasons ?? []).Select(reason => $"  {reason}"));
        return new Outcome(isDone ? Cli.ExitCode.Done : Cli.ExitCode.Refused, lines);
    }

    /// <summary>Prints it, to standard error where it was not done, and returns the exit status.</summary>
    public int Print()
    {
        TextWriter writer = ExitCode == Cli.ExitCode.Done ? Console.Out : Console.Error;
        foreach (string line in Lines)
        {
            writer.WriteLine(line);
        }

        return ExitCode;
    }
}
