using System.CommandLine;
using System.Text.Json;

using Quorate.Cli.Api;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Queues;

/// <summary><c>quorate queues</c>, and <c>show</c>, <c>replay</c> and <c>drop</c> of what is parked.</summary>
internal static class QueuesCommand
{
    /// <summary>The subcommand with its own ones.</summary>
    public static Command Create()
    {
        Option<bool> json = Json();
        Command command = new("queues", "Show what waits in the queues, and what is parked because it failed.") { Show(), Replay(), Drop() };
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            QueuesView view = await api.GetQueuesAsync(cancellation);
            await PrintAsync(parsed.GetValue(json) ? [JsonSerializer.Serialize(view, ApiJson.Default.QueuesView)] : QueuesText.Lines(view));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> id = Id();
        Option<bool> json = Json();
        Command show = new("show", "Show one parked message with its body.") { id, json };
        show.SetAction(async (parsed, cancellation) =>
        {
            string wanted = parsed.GetRequiredValue(id);
            using ClusterApi api = ClusterApi.FromEnvironment();
            if (await api.GetParkedAsync(wanted, cancellation) is not { } message)
            {
                return await RefuseAsync(NotParked(wanted));
            }

            await PrintAsync(parsed.GetValue(json) ? [JsonSerializer.Serialize(message, ApiJson.Default.ParkedMessageView)] : QueuesText.Details(message));
            return ExitCode.Done;
        });
        return show;
    }

    private static Command Replay()
    {
        Argument<string?> id = new("ID") { Description = "The id that `quorate queues` shows.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all") { Description = "All that is parked." };
        Option<string?> queue = new("--queue") { Description = "With --all: only what failed in this queue.", HelpName = "QUEUE" };
        Option<bool> json = Json();
        Command replay = new("replay", "Put a parked message back where it failed. It keeps its id: what was done once is not done twice.") { id, all, queue, json };
        replay.Validators.Add(typed =>
        {
            if ((typed.GetValue(id) is null) != typed.GetValue(all))
            {
                typed.AddError("queues replay takes an ID, or --all");
            }
            else if (typed.GetValue(queue) is not null && !typed.GetValue(all))
            {
                typed.AddError("--queue goes with --all");
            }
        });
        replay.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            if (parsed.GetValue(id) is { } one)
            {
                return await TellAsync(await api.SettleAsync(one, isReplay: true, cancellation), NotParked(one), "put back", parsed.GetValue(json));
            }

            string? only = parsed.GetValue(queue);
            return await TellAsync(await api.ReplayAllAsync(only, cancellation), QueuesText.NoQueue(only), "put back", parsed.GetValue(json));
        });
        return replay;
    }

    private static Command Drop()
    {
        Argument<string> id = Id();
        Option<bool> yes = new("--yes") { Description = "Really. A dropped message is gone for good." };
        Option<bool> json = Json();
        Command drop = new("drop", "Remove a parked message for good.") { id, yes, json };
        drop.SetAction(async (parsed, cancellation) =>
        {
            string wanted = parsed.GetRequiredValue(id);
            using ClusterApi api = ClusterApi.FromEnvironment();
            if (parsed.GetValue(yes))
            {
                return await TellAsync(await api.SettleAsync(wanted, isReplay: false, cancellation), NotParked(wanted), "dropped", parsed.GetValue(json));
            }

            return await api.GetParkedAsync(wanted, cancellation) is { } message
                ? await RefuseAsync([.. QueuesText.Details(message), $"Nothing was dropped. To remove it for good: quorate queues drop {wanted} --yes"])
                : await RefuseAsync(NotParked(wanted));
        });
        return drop;
    }

    private static Argument<string> Id() => new("ID") { Description = "The id that `quorate queues` shows." };

    private static Option<bool> Json() => new("--json") { Description = "Print JSON and nothing else." };

    private static string NotParked(string id) => $"quorate: no parked message has the id '{id}'; quorate queues lists them";

    private static async Task<int> TellAsync(ParkedActionView? outcome, string absent, string what, bool asJson)
    {
        if (outcome is null)
        {
            return await RefuseAsync(absent);
        }

        await PrintAsync(asJson ? [JsonSerializer.Serialize(outcome, ApiJson.Default.ParkedActionView)] : QueuesText.Lines(outcome, what));
        return outcome.Problems.Count == 0 ? ExitCode.Done : asJson ? ExitCode.Refused : await RefuseAsync([.. outcome.Problems]);
    }

    private static async Task PrintAsync(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await Console.Out.WriteLineAsync(line);
        }
    }

    private static async Task<int> RefuseAsync(params IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            await Console.Error.WriteLineAsync(line);
        }

        return ExitCode.Refused;
    }
}
