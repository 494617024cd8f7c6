using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Tests.Storm.Faults;
using Quorate.Tests.Storm.Judging;

namespace Quorate.Tests.Storm;

/// <summary>What went through one cluster, and what it came to.</summary>
/// <param name="Name">With or without fence devices.</param>
/// <param name="Rounds">How often all was broken, healed and looked at.</param>
/// <param name="Faults">Those that happened.</param>
/// <param name="Evidence">Of the last round; files and histories hold all rounds.</param>
/// <param name="Verdict">Over all rounds.</param>
/// <param name="LongestHealing">The longest time from the last fault's end until everything ran.</param>
/// <param name="Logs">Where the logs are.</param>
internal sealed record Report(
    string Name, int Rounds, ImmutableArray<Fault> Faults, Evidence Evidence, Verdict Verdict, TimeSpan LongestHealing, string Logs)
{
    /// <summary>What was found beside a violation; empty without one.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];

    private const int NameWidth = 44;
    private const int ValueWidth = 18;
    private const int ViolationsShownMax = 20;

    /// <summary>Prints the table of a storm, a column for each cluster, and its last line.</summary>
    /// <returns>True when nothing was violated.</returns>
    public static bool Print(TextWriter to, ulong seed, IReadOnlyList<Report> reports)
    {
        Row(to, "", reports, report => report.Name);
        Row(to, "rounds", reports, report => Text(report.Rounds));
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            Row(to, $"fault: {kind}", reports, report => Text(report.Faults.Count(fault => fault.Kind == kind)));
        }

        Row(to, "faults", reports, report => Text(report.Faults.Length));
        Row(to, "commands over HTTP", reports, report => Text(report.Evidence.Orders.Count(outcome => !outcome.Order.IsOnBus)));
        Row(to, "commands over the bus", reports, report => Text(report.Evidence.Orders.Count(outcome => outcome.Order.IsOnBus)));
        foreach (ResultCode code in reports.SelectMany(report => report.Evidence.Orders).Select(outcome => outcome.Result).OfType<ResultCode>().Distinct().OrderDescending())
        {
            Row(to, $"answered: {ResultCodeText.Of(code)} ({(int)code})", reports, report => Text(report.Evidence.Orders.Count(outcome => outcome.Result == code)));
        }

        Row(to, "commands lost", reports, report => Text(report.Verdict.LostCommands.Length));
        Row(to, "starts witnessed", reports, report => Text(report.Evidence.Lines.Count(line => line.Event == "start")));
        Row(to, "stops witnessed", reports, report => Text(report.Evidence.Lines.Count(line => line.Event == "stop")));
        Row(to, "nodes proven off by a fence device", reports, report => Text(report.Evidence.Fencings.Count(attempt => attempt.Outcome == "isOff")));
        Row(to, "longest outage of a service", reports, report => report.Outage());
        Row(to, "longest healing", reports, report => Seconds(report.LongestHealing));
        Row(to, "overlapping owners", reports, report => Text(report.Verdict.Overlaps.Length));
        Row(to, "services not running at the end", reports, report => Text(report.Verdict.NotRunning.Length));
        foreach (Report report in reports.Where(report => report.Verdict.Violations.Any()))
        {
            to.WriteLine($"{report.Name}, logs in {report.Logs}:");
            foreach (string violation in report.Verdict.Violations.Take(ViolationsShownMax))
            {
                to.WriteLine($"  {violation}");
            }

            foreach (string trace in report.Traces)
            {
                to.WriteLine($"  | {trace}");
            }
        }

        to.WriteLine(LastLine(seed, reports));
        return !reports.Any(report => report.Verdict.Violations.Any());
    }

    private static string LastLine(ulong seed, IReadOnlyList<Report> reports)
    {
        int notRunning = reports.Sum(report => report.Verdict.NotRunning.Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"storm seed {seed}: {reports.Sum(report => report.Faults.Length)} faults, {reports.Sum(report => report.Evidence.Orders.Length)} commands, {reports.Sum(report => report.Verdict.Overlaps.Length)} overlaps, {reports.Sum(report => report.Verdict.LostCommands.Length)} lost commands{(notRunning == 0 ? "" : $", {notRunning} services not running")}");
    }

    private string Outage()
    {
        HashSet<string> stops = [.. Evidence.Orders.Where(outcome => outcome.Order.Verb is "stop" or "disable").Select(outcome => outcome.Order.RequestId)];
        return Outages.Longest(Evidence, stops) is var (service, length) ? $"{Seconds(length)} ({service})" : "none";
    }

    private static void Row(TextWriter to, string name, IReadOnlyList<Report> reports, Func<Report, string> value) =>
        to.WriteLine((name.PadRight(NameWidth) + string.Concat(reports.Select(report => value(report).PadLeft(ValueWidth)))).TrimEnd());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");
}
