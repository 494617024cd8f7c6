using BenchmarkDotNet.Attributes;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Bench;

/// <summary>How long the planner takes when one node was lost, and when everything starts at once.</summary>
[MemoryDiagnoser]
public class PlannerBenchmark
{
    private PlacementSituation _lost = LargeCluster.OneNodeLost(1, 1);
    private PlacementSituation _stopped = LargeCluster.OneNodeLost(1, 1);

    [Params("10x3", "100x8", "500x16", "2000x32")]
    public string Size { get; set; } = "10x3";

    [GlobalSetup]
    public void Prepare()
    {
        string[] size = Size.Split('x');
        _lost = LargeCluster.OneNodeLost(
            int.Parse(size[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(size[1], System.Globalization.CultureInfo.InvariantCulture));
        _stopped = LargeCluster.AllStopped(_lost);
    }

    [Benchmark]
    public int OneNodeLost() => Planner.Plan(_lost, LargeCluster.Loss(_lost)).Services.Length;

    [Benchmark]
    public int AllStart() => Planner.Plan(_stopped, new PlacementEvent.QuorumFormed()).Services.Length;
}
