using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quorate.Cli.Api;
using Quorate.Cli.Commands;
using Quorate.Cli.Files;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Config;

/// <summary>The configuration of a running cluster: apply, show, history.</summary>
internal static class LiveConfiguration
{
    /// <summary><c>quorate config apply FILE</c>.</summary>
    public static Command Apply()
    {
        Argument<string> file = new("FILE") { Description = "The new cluster.conf; its config_version must be above the one in force." };
        Option<string?> requestId = new("--request-id") { Description = "Your own id for this request: the same id is never carried out twice." };
        Option<bool> json = Json("the answer");
        Command apply = new("apply", "Check a cluster.conf and put it into force; what runs follows it. See first what it would change: quorate config diff FILE.")
        {
            file, requestId, json,
        };
        apply.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(file);
            if (ConfigurationFile.ReadText(path, Console.Error) is not { } text)
            {
                return ExitCode.Refused;
            }

            using ClusterApi api = ClusterApi.FromEnvironment();
            ApplyConfiguration request = new() { RequestId = parsed.GetValue(requestId) ?? Guid.NewGuid().ToString("N"), Text = text };
            CommandReply reply = await api.ApplyConfigurationAsync(request, cancellation);
            Outcome outcome = Outcome.Of($"config apply {path}", reply, wait: null);
            if (!parsed.GetValue(json))
            {
                return outcome.Print();
            }

            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(reply, ApiJson.Default.CommandReply));
            return outcome.ExitCode;
        });
        return apply;
    }

    /// <summary><c>quorate config show</c>.</summary>
    public static Command Show()
    {
        Option<int?> version = new("--version") { Description = "An earlier one; without this, the one in force." };
        Option<bool> json = Json("version, digest, time and text");
        Command show = new("show", "Print the cluster.conf in force, or an earlier one, as it was given.") { version, json };
        show.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            if (await api.GetConfigurationAsync(parsed.GetValue(version), cancellation) is not { } found)
            {
                await Console.Error.WriteLineAsync($"quorate: version {parsed.GetValue(version)} was never in force; quorate config history lists those that were");
                return ExitCode.Refused;
            }

            string text = parsed.GetValue(json) ? JsonSerializer.Serialize(found, ApiJson.Default.ConfigurationView) : found.Text ?? "";
            await Console.Out.WriteAsync(text.EndsWith('\n') ? text : text + Environment.NewLine);
            return ExitCode.Done;
        });
        return show;
    }

    /// <summary><c>quorate config history</c>.</summary>
    public static Command History()
    {
        Option<bool> json = Json("the versions");
        Command history = new("history", "List every configuration that was in force, newest first.") { json };
        history.SetAction(async (parsed, cancellation) =>
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            IReadOnlyList<ConfigurationView> versions = await api.GetConfigurationsAsync(cancellation);
            if (parsed.GetValue(json))
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(versions, ApiJson.Default.IReadOnlyListConfigurationView));
                return ExitCode.Done;
            }

            foreach (ConfigurationView version in versions)
            {
                await Console.Out.WriteLineAsync(Line(version));
            }

            return ExitCode.Done;
        });
        return history;
    }

    /// <summary>One version on one line.</summary>
    public static string Line(ConfigurationView version)
    {
        string by = version.RequestId.Length > 0 ? $"applied by request {version.RequestId}" : "read from the scheduler's file when it started";
        string mark = version.IsInForce ? "in force" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{version.Version,6}  {version.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {version.Digest[..12]}  {mark,-8}  {by}");
    }

    private static Option<bool> Json(string what) => new("--json") { Description = $"Print {what} as JSON and nothing else." };
}
