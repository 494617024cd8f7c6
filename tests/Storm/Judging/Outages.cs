using Quorate.Cli.Demo.Witness;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Storm.Judging;

/// <summary>How long services were away that nobody had switched off. Pure.</summary>
internal static class Outages
{
    private const double NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The longest time between the last sign of one owner and the start of the next; null where nothing was ever away.</summary>
    /// <remarks>A time in which the service was disabled or stopped on somebody's word does not count.</remarks>
    public static (string Service, TimeSpan Length)? Longest(Evidence evidence, IReadOnlySet<string> stopRequests)
    {
        (string Service, TimeSpan Length)? longest = null;
        foreach (var service in evidence.Lines.Where(line => line.Event is "start" or "alive" or "stop").GroupBy(line => line.Name, StringComparer.Ordinal))
        {
            WitnessLine[] lines = [.. service.OrderBy(line => line.Time)];
            foreach ((WitnessLine before, WitnessLine after) in lines.Zip(lines.Skip(1)).Where(pair => pair.Second.Event == "start"))
            {
                TimeSpan length = TimeSpan.FromSeconds((after.Time - before.Time) / NanosecondsPerSecond);
                if (length > (longest?.Length ?? TimeSpan.Zero) && !WasSwitchedOff(service.Key, before.Time, after.Time, evidence, stopRequests))
                {
                    longest = (service.Key, length);
                }
            }
        }

        return longest;
    }

    /// <summary>The request id of the command that led to a transition; some other word where none did.</summary>
    /// <remarks>The scheduler writes the cause as <c>stop REQUEST</c>.</remarks>
    public static string RequestOf(TransitionView transition) => transition.Cause.Split(' ')[^1];

    private static bool WasSwitchedOff(string service, long from, long to, Evidence evidence, IReadOnlySet<string> stopRequests)
    {
        DateTimeOffset began = WallClock(from, evidence) - TimeSpan.FromSeconds(1);
        DateTimeOffset ended = WallClock(to, evidence);
        return evidence.Histories.GetValueOrDefault(service, []).Any(transition => transition.At >= began && transition.At <= ended
            && (transition.To == ServiceState.Disabled || stopRequests.Contains(RequestOf(transition))));
    }

    private static DateTimeOffset WallClock(long time, Evidence evidence) =>
        evidence.WallClock - TimeSpan.FromSeconds((evidence.Now - time) / NanosecondsPerSecond);
}
