using System.Collections.Immutable;
using Quorate.Cli.Demo.Witness;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Storm.Judging;

/// <summary>Judges a round from outside. Pure: evidence in, verdict out.</summary>
internal static class Judge
{
    /// <summary>A daemon that lives writes ten times a second; on a busy machine it may be this late.</summary>
    public const long FreshNanoseconds = 5_000_000_000;

    /// <summary>Fencing is stamped by the time of day, in milliseconds, and witness lines by steps of 10 ms of another clock.</summary>
    private const long ClockNanoseconds = 20_000_000;

    public static Verdict Decide(Evidence evidence) => new(
        [.. Ownership.Violations(evidence.Lines), .. StartsBesideOwners(evidence.Lines), .. RunningAfterFencing(evidence), .. Histories(evidence.Histories)],
        [.. evidence.Orders.Select(Lost).OfType<string>()],
        [.. NotRunning(evidence)]);

    /// <summary>
    /// A node counts as an owner from the moment its start begins, before the lock would refuse it: the other one must be gone by then,
    /// not a moment later.
    /// </summary>
    private static IEnumerable<string> StartsBesideOwners(ImmutableArray<WitnessLine> lines)
    {
        foreach (var service in lines.GroupBy(line => line.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            WitnessLine[] signs = [.. service.Where(line => line.Event is "alive" or "stop").OrderBy(line => line.Time)];
            WitnessLine[] starts = [.. service.Where(line => line.Event == "start").OrderBy(line => line.Time)];
            foreach (WitnessLine begun in service.Where(line => line.Event == "starting").OrderBy(line => line.Time))
            {
                WitnessLine? other = signs.FirstOrDefault(sign => sign.Time > begun.Time && sign.Node != begun.Node
                    && starts.LastOrDefault(start => start.Node == sign.Node && start.Time <= sign.Time) is { } own && own.Time < begun.Time);
                if (other is not null)
                {
                    yield return $"{service.Key}: a start on {begun.Node} began at {begun.Time}, and {other.Node} wrote '{other.Event}' after that, at {other.Time}";
                }
            }
        }
    }

    /// <summary>A status that says off ends what the node ran: it may give no sign of it any more.</summary>
    private static IEnumerable<string> RunningAfterFencing(Evidence evidence)
    {
        foreach (FenceAttempted off in evidence.Fencings.Where(attempt => attempt.Outcome == "isOff"))
        {
            long proven = evidence.Now - (long)(evidence.WallClock - off.At.AddMilliseconds(off.DurationMilliseconds)).TotalNanoseconds;
            foreach (var service in evidence.Lines.Where(line => line.Node == off.Node.Value).GroupBy(line => line.Name, StringComparer.Ordinal))
            {
                long back = service.Where(line => line.Event is "start" or "starting" && line.Time > proven - ClockNanoseconds)
                    .Select(line => line.Time).DefaultIfEmpty(long.MaxValue).Min();
                if (service.FirstOrDefault(line => line.Event is "alive" or "stop" && line.Time > proven + ClockNanoseconds && line.Time < back) is { } sign)
                {
                    yield return $"{service.Key}: {off.Node} wrote '{sign.Event}' at {sign.Time}, and had been proven off at {proven}";
                }
            }
        }
    }

    /// <summary>No epoch goes back, and no owner follows another while the service is started.</summary>
    private static IEnumerable<string> Histories(ImmutableSortedDictionary<string, ImmutableArray<TransitionView>> histories)
    {
        foreach ((string service, ImmutableArray<TransitionView> history) in histories)
        {
            foreach ((TransitionView before, TransitionView after) in history.Zip(history.Skip(1)))
            {
                if (after.Epoch < before.Epoch)
                {
                    yield return $"{service}: its epoch went back from {before.Epoch} to {after.Epoch} at {after.At:O}";
                }

                if (before.To == ServiceState.Started && after.To is ServiceState.Started or ServiceState.Starting && before.Owner != after.Owner)
                {
                    yield return $"{service}: started on {before.Owner}, then {after.To} on {after.Owner} at {after.At:O}, with nothing between";
                }
            }
        }
    }

    private static string? Lost(OrderOutcome outcome) => outcome switch
    {
        { Result: null } => $"{Describe(outcome)} has no answer",
        { Operations.Count: > 1 } => $"{Describe(outcome)} was carried out twice: {string.Join(", ", outcome.Operations)}",
        _ => null,
    };

    private static string Describe(OrderOutcome outcome) =>
        $"{outcome.Order.RequestId} ({outcome.Order.Verb} {outcome.Order.Service} {outcome.Order.Node}{(outcome.Order.IsOnBus ? " over the bus" : "")})";

    private static IEnumerable<string> NotRunning(Evidence evidence)
    {
        if (evidence.Cluster is not { } cluster)
        {
            return ["no scheduler answers"];
        }

        return cluster.Services.Select(service => WhyNotRunning(service, evidence)).OfType<string>();
    }

    /// <summary>Why a service does not run where the API says; null when it does.</summary>
    public static string? WhyNotRunning(ServiceView service, Evidence evidence)
    {
        if (service is not { State: ServiceState.Started, Owner: { } owner })
        {
            return $"{service.Name} is {service.State}: {service.Reason}";
        }

        string name = service.Name.Value.Split(':', 2)[^1];
        WitnessLine? last = evidence.Lines.Where(line => line.Name == name && line.Event is "start" or "alive" or "stop").MaxBy(line => line.Time);
        return last is { Event: not "stop" } && last.Node == owner.Value && evidence.Now - last.Time <= FreshNanoseconds
            ? null
            : $"{service.Name} is started on {owner} for the API, and its last sign is {last?.Event} on {last?.Node}, {(evidence.Now - last?.Time) / 1_000_000} ms ago";
    }
}
