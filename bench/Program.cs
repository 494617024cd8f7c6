using BenchmarkDotNet.Running;
using Quorate.Bench;

// `--quick` prints one line of milliseconds for each case in a few seconds; without it BenchmarkDotNet measures properly.
if (args is ["--quick"])
{
    QuickRun.Print();
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(PlannerBenchmark).Assembly).Run(args);
return 0;
