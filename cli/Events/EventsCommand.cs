using System.CommandLine;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Quorate.Cli.Api;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Events;

/// <summary><c>quorate events</c>: what happened in the cluster, and with <c>--follow</c> what happens.</summary>
internal static class EventsCommand
{
    private const int EventsShown = 20;
    private const int EventsMax = 999;

    /// <summary>Between two attempts to find somebody who tells on.</summary>
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions OneLine = new(ApiJson.Default.Options) { WriteIndented = false };

    /// <summary><c>quorate events [--follow] [--service SERVICE] [--last N] [--json]</c>.</summary>
    public static Command Create()
    {
        Option<bool> follow = new("--follow", "-f") { Description = "Go on, and print each event as it happens, until interrupted." };
        Option<string?> service = new("--service") { Description = "Only those about this service; without a type, 'service:' is meant.", HelpName = "SERVICE" };
        Option<int> last = new("--last") { Description = $"How many of the newest, 0 to {EventsMax}. Default: {EventsShown}.", HelpName = "N", DefaultValueFactory = _ => EventsShown };
        last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > EventsMax)
            {
                result.AddError($"--last takes 0 to {EventsMax}");
            }
        });
        Option<bool> json = new("--json") { Description = "Print each event as a line of JSON and nothing else." };
        Command command = new("events", "Show what happened in the cluster: nodes, services, commands, fencing, numbered messages.") { follow, service, last, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            ServiceName? about = parsed.GetValue(service) is { Length: > 0 } name ? ServiceName.Parse(name) : null;
            Func<EventView, string> line = parsed.GetValue(json) ? static told => JsonSerializer.Serialize(told, OneLine) : Line;
            using ClusterApi api = ClusterApi.FromEnvironment();
            return parsed.GetValue(follow)
                ? await FollowAsync(api, about, parsed.GetValue(last), line, cancellation)
                : await ListAsync(api, about, parsed.GetValue(last), line, cancellation);
        });
        return command;
    }

    /// <summary>One event for a person: when, what kind, what.</summary>
    public static string Line(EventView told) => string.Create(
        CultureInfo.InvariantCulture, $"{told.At.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {told.Kind,-10}  {told.Text}");

    private static async Task<int> ListAsync(ClusterApi api, ServiceName? service, int last, Func<EventView, string> line, CancellationToken cancellation)
    {
        foreach (EventView told in last == 0 ? [] : await api.GetEventsAsync(service, last, cancellation))
        {
            await Console.Out.WriteLineAsync(line(told));
        }

        return ExitCode.Done;
    }

    /// <summary>Where one scheduler goes away another goes on behind the last event that was printed.</summary>
    private static async Task<int> FollowAsync(ClusterApi api, ServiceName? service, int last, Func<EventView, string> line, CancellationToken cancellation)
    {
        string? heard = null;
        try
        {
            while (true)
            {
                try
                {
                    await foreach (SseItem<EventView?> item in api.FollowEventsAsync(service, last, heard, cancellation))
                    {
                        heard = item.EventId ?? heard;
                        if (item.Data is { } told)
                        {
                            await Console.Out.WriteLineAsync(line(told));
                        }
                    }
                }
                catch (NoAnswerException silence) when (heard is not null && silence is not AccessRefusedException)
                {
                    await Console.Error.WriteLineAsync($"quorate: {silence.Message}; trying again");
                }

                await Task.Delay(ConnectAgainAfter, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Interrupting is how it ends.
            return ExitCode.Done;
        }
    }
}
