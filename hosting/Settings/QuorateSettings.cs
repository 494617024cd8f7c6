using Microsoft.Extensions.Configuration;
using Quorate.Hosting.Crashing;

namespace Quorate.Hosting.Settings;

/// <summary>Reads and checks the settings, so that a wrong one is a sentence at start and not a failure at night.</summary>
public static class QuorateSettings
{
    private const int TtlMillisecondsMin = 200;
    private const int PrefixLengthMax = 40;
    private const int FenceTimeoutSecondsMax = 3_600;

    /// <summary>Reads the section <c>Quorate</c>.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="required">Names of properties that this service cannot do without, e.g. <c>nameof(QuorateOptions.Database)</c>.</param>
    /// <exception cref="SettingsException">Something is wrong; the message lists everything that is.</exception>
    public static QuorateOptions Read(IConfiguration configuration, params IReadOnlyList<string> required)
    {
        QuorateOptions options = new();
        try
        {
            configuration.GetSection(QuorateOptions.Section).Bind(options);
        }
        catch (InvalidOperationException failure)
        {
            throw new SettingsException([$"{failure.Message} {failure.InnerException?.Message}".TrimEnd()]);
        }
        List<string> problems = [];
        ReadFiles(options, problems);
        Require(options, [.. problems, .. required.Where(name => IsMissing(options, name))
            .Select(name => $"{QuorateOptions.Section}:{name} must be set (environment {QuorateOptions.Section}__{name})")]);
        return options;
    }

    /// <summary>Checks options that were made in code.</summary>
    /// <exception cref="SettingsException">Something is wrong; the message lists everything that is.</exception>
    public static void Check(QuorateOptions options) => Require(options, []);

    /// <summary>Why a text cannot be <c>Quorate:BusPrefix</c>; null where it can.</summary>
    public static string? FaultOfPrefix(string prefix) =>
        prefix.Length > PrefixLengthMax || prefix.Any(static c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'))
            ? $"must be at most {PrefixLengthMax} of a-z 0-9 - _ ."
            : null;

    private static void Require(QuorateOptions options, IReadOnlyList<string> missing)
    {
        List<string> problems = [.. missing, .. Problems(options)];
        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
        }
    }

    /// <summary>Takes the settings that stand in files of their own.</summary>
    private static void ReadFiles(QuorateOptions options, List<string> problems)
    {
        if (options.BusFile.Length > 0)
        {
            options.Bus = Take(nameof(QuorateOptions.BusFile), options.BusFile, nameof(QuorateOptions.Bus), options.Bus, new QuorateOptions().Bus, problems);
        }
        if (options.DatabaseFile.Length > 0)
        {
            options.Database = Take(nameof(QuorateOptions.DatabaseFile), options.DatabaseFile, nameof(QuorateOptions.Database), options.Database, "", problems);
        }
    }

    private static string Take(string setting, string path, string instead, string given, string absent, List<string> problems)
    {
        if (given != absent)
        {
            problems.Add($"{QuorateOptions.Section}:{instead} and {QuorateOptions.Section}:{setting} are both set: leave one of them out");
            return given;
        }
        try
        {
            return SecretFile.Read(path);
        }
        catch (SettingsException failure)
        {
            problems.Add($"{QuorateOptions.Section}:{setting}: {failure.Message}");
            return given;
        }
    }

    private static bool IsMissing(QuorateOptions options, string name) =>
        typeof(QuorateOptions).GetProperty(name)?.GetValue(options) is null or "";

    private static IEnumerable<string> Problems(QuorateOptions options)
    {
        if (options.Bus != "memory" && !IsAmqp(options.Bus))
        {
            yield return "Quorate:Bus must be 'memory' or amqp://user:password@host:port/vhost";
        }
        if (FaultOfPrefix(options.BusPrefix) is { } fault)
        {
            yield return $"Quorate:BusPrefix {fault}";
        }
        if (options.TtlMilliseconds is < TtlMillisecondsMin)
        {
            yield return $"Quorate:TtlMilliseconds must be at least {TtlMillisecondsMin}";
        }
        foreach (string text in options.QuorumUrls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            {
                yield return $"Quorate:QuorumUrls: '{text}' is no http address";
            }
        }
        if (options.FenceTimeoutSeconds is < 1 or > FenceTimeoutSecondsMax)
        {
            yield return $"Quorate:FenceTimeoutSeconds must be 1 to {FenceTimeoutSecondsMax}";
        }
        if (options.OtlpEndpoint.Length > 0 && !Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out _))
        {
            yield return $"Quorate:OtlpEndpoint: '{options.OtlpEndpoint}' is no address";
        }
        if (options.CrashAt.Length > 0 && !CrashPoints.All.Contains(options.CrashAt.Split(':')[0]))
        {
            yield return $"Quorate:CrashAt must be one of {string.Join(", ", CrashPoints.All)}, with an optional :MessageType";
        }
    }

    private static bool IsAmqp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq" && uri.Host.Length > 0;
}
