using System.CommandLine;
using System.Text.Json;
using Quorate.Cli.Api;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Why;

/// <summary><c>quorate why</c> and <c>quorate history</c>: why a service is where it is, and how it came there.</summary>
internal static class WhyCommand
{
    private const int TransitionsShown = 20;
    private const int TransitionsMax = 1000;

    /// <summary><c>quorate why SERVICE [--json]</c>.</summary>
    public static Command Why()
    {
        Argument<string> service = Named();
        Option<bool> json = new("--json") { Description = "Print all of it as JSON and nothing else." };
        Command command = new("why", "Say why a service is where it is, or runs nowhere, and what every node speaks for or against.") { service, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            ServiceName name = ServiceName.Parse(parsed.GetRequiredValue(service));
            using ClusterApi api = ClusterApi.FromEnvironment();
            return await api.GetWhyAsync(name, cancellation) is { } why
                ? await PrintAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(why, ApiJson.Default.PlacementView) : WhyText.Of(why))
                : await UnknownAsync(name);
        });
        return command;
    }

    /// <summary><c>quorate history SERVICE [--last N] [--before ID] [--json]</c>.</summary>
    public static Command History()
    {
        Argument<string> service = Named();
        Option<bool> json = new("--json") { Description = "Print the transitions as JSON and nothing else." };
        Option<int> last = new("--last") { Description = $"How many of the newest transitions, 1 to {TransitionsMax}. Default: {TransitionsShown}.", HelpName = "N", DefaultValueFactory = _ => TransitionsShown };
        last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > TransitionsMax)
            {
                result.AddError($"--last takes 1 to {TransitionsMax}");
            }
        });
        Option<long?> before = new("--before") { Description = "Only those before this one: as the last line of what was shown says, to go on from there.", HelpName = "ID" };
        Command command = new("history", "Show what became of a service and why, oldest first.") { service, last, before, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            ServiceName name = ServiceName.Parse(parsed.GetRequiredValue(service));
            using ClusterApi api = ClusterApi.FromEnvironment();
            return await api.GetHistoryAsync(name, parsed.GetValue(last), parsed.GetValue(before), cancellation) is { } history
                ? await PrintAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(history, ApiJson.Default.IReadOnlyListTransitionView) : WhyText.Of(name, history, parsed.GetValue(last)))
                : await UnknownAsync(name);
        });
        return command;
    }

    private static Argument<string> Named() => new("SERVICE") { Description = "Name of the service; without a type, 'service:' is meant." };

    private static async Task<int> PrintAsync(string text)
    {
        await Console.Out.WriteLineAsync(text);
        return ExitCode.Done;
    }

    private static async Task<int> UnknownAsync(ServiceName name)
    {
        await Console.Error.WriteLineAsync($"quorate: there is no service {name}; quorate status lists them");
        return ExitCode.Refused;
    }
}
