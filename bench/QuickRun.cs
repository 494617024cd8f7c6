using System.Diagnostics;
using System.Globalization;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Bench;

/// <summary>The same cases in one line each: first call (as after a start), then the median of repeated ones.</summary>
internal static class QuickRun
{
    private const int Repetitions = 51;

    public static void Print()
    {
        foreach ((int services, int nodes) in ((int, int)[])[(10, 3), (100, 8), (500, 16), (2000, 32)])
        {
            PlacementSituation lost = LargeCluster.OneNodeLost(services, nodes);
            PlacementSituation stopped = LargeCluster.AllStopped(lost);
            Measure($"planner {services}x{nodes}, one node lost", Repetitions, () => Planner.Plan(lost, LargeCluster.Loss(lost)).Services.Length);
            Measure($"planner {services}x{nodes}, all start", Repetitions, () => Planner.Plan(stopped, new PlacementEvent.QuorumFormed()).Services.Length);
        }

        string text = LargeCluster.Text(2000, 32);
        Measure("read cluster.conf, 2000 services", 5,
            () => ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration?.Services.Length ?? 0);
    }

    private static void Measure(string name, int repetitions, Func<int> work)
    {
        double first = Time(work, out int count);
        double[] times = [.. Enumerable.Range(0, repetitions).Select(_ => Time(work, out int _)).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-36} first {first,9:F3} ms  median {times[times.Length / 2],9:F3} ms  ({count} services)"));
    }

    private static double Time(Func<int> work, out int count)
    {
        long start = Stopwatch.GetTimestamp();
        count = work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
