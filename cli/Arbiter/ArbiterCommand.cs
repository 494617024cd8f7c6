using System.CommandLine;
using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Cli.Commands;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Arbiter;

/// <summary><c>quorate arbiter status</c> and <c>arbiter accept</c>: what to do about a database that forgot.</summary>
/// <remarks>Source: DESIGN 3, S14; message #1130.</remarks>
internal static class ArbiterCommand
{
    private const string Word = "accept";

    /// <summary>The subcommand with its own ones.</summary>
    public static Command Create() => new("arbiter", "Has the database gone back (#1130)? Show it, or take it for the truth all the same.") { Status(), Accept() };

    private static Command Status()
    {
        Option<bool> json = new("--json") { Description = "Print JSON and nothing else." };
        Command status = new("status", "Show how far the database counts, and how far it was seen to count before.") { json };
        status.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            ArbiterView view = await api.GetArbiterAsync(cancellation);
            await PrintAsync(Console.Out, parsed.GetValue(json) ? [JsonSerializer.Serialize(view, ApiJson.Default.ArbiterView)] : ArbiterText.Lines(view));
            return view.IsTrusted switch
            {
                true => ExitCode.Done,
                false => ExitCode.Refused,
                null => ExitCode.NoAnswer,
            };
        });
        return status;
    }

    private static Command Accept()
    {
        Option<bool> yes = new("--yes") { Description = "Do not ask. Without it, and without a terminal, nothing is accepted." };
        WaitOptions waiting = new();
        Command accept = new("accept", "Take a database that went back for the truth. What was committed in the forgotten time is lost.") { yes };
        waiting.AddTo(accept);
        accept.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            ArbiterView view = await api.GetArbiterAsync(cancellation);
            if (ArbiterText.EraToAccept(view) is not { } era)
            {
                await PrintAsync(Console.Error, [.. ArbiterText.Lines(view), "There is nothing to accept."]);
                return view.IsTrusted is null ? ExitCode.NoAnswer : ExitCode.Refused;
            }

            await PrintAsync(Console.Error, [.. ArbiterText.Lines(view), .. ArbiterText.Consequences]);
            if (!parsed.GetValue(yes) && !await IsConfirmedAsync())
            {
                await Console.Error.WriteLineAsync($"Nothing was accepted. Type {Word} when asked, or say --yes.");
                return ExitCode.Refused;
            }

            TimeSpan? wait = waiting.Wait(parsed);
            ArbiterRequest request = new() { Era = era, RequestId = waiting.RequestId(parsed) };
            return Outcome.Of("arbiter accept", await api.AcceptArbiterAsync(request, wait, cancellation), wait).Print();
        });
        return accept;
    }

    private static async Task<bool> IsConfirmedAsync()
    {
        if (Console.IsInputRedirected)
        {
            return false;
        }

        await Console.Error.WriteAsync($"Type {Word} to go on: ");
        return await Console.In.ReadLineAsync() is { } typed && typed.Trim() == Word;
    }

    private static async Task PrintAsync(TextWriter writer, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await writer.WriteLineAsync(line);
        }
    }
}
