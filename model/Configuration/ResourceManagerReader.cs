using System.Xml.Linq;

namespace Quorate.Model.Configuration;

/// <summary>Reads <c>rm</c>'s own attributes.</summary>
/// <remarks>Source: rgmanager.md 1.1.</remarks>
internal static class ResourceManagerReader
{
    private const int StatusPollIntervalSecondsDefault = 10;

    public static ResourceManagerSettings Read(XElement? rm, ProblemList problems) =>
        rm is null
            ? new(IsDisabled: false, TimeSpan.FromSeconds(StatusPollIntervalSecondsDefault))
            : new(
                rm.Boolean("disabled", ifAbsent: false, problems),
                TimeSpan.FromSeconds(
                    rm.Number("status_poll_interval", least: 1, $"{StatusPollIntervalSecondsDefault} seconds are used", problems) ?? StatusPollIntervalSecondsDefault));
}
