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
        Require(options, [.. required.Where(name => IsMissing(options, name))
            .Select(name => $"{QuorateOptions.Section}:{name} must be set (environment {QuorateOptions.Section}__{name})")]);
        return options;
    }

    /// <summary>Checks options that were made in code.</summary>
    /// <exception cref="SettingsException">Something is wrong; the message lists everything that is.</exception>
    public static void Check(QuorateOptions options) => Require(options, []);

    private static void Require(QuorateOptions options, IReadOnlyList<string> missing)
    {
        List<string> problems = [.. missing, .. Problems(options)];
        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
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
        if (options.BusPrefix.Length > PrefixLengthMax || options.BusPrefix.Any(static c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')))
        {
            yield return $"Quorate:BusPrefix must be at most {PrefixLengthMax} of a-z 0-9 - _ .";
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
