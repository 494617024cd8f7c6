using BenchmarkDotNet.Attributes;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Bench;

/// <summary>How long it takes to read a <c>cluster.conf</c> of 2,000 services.</summary>
[MemoryDiagnoser]
public class ConfigurationBenchmark
{
    private readonly string _text = LargeCluster.Text(2000, 32);

    [Benchmark]
    public int Read() => ClusterConfigurationReader.Read(_text, ResourceTypeCatalog.BuiltIn).Configuration?.Services.Length ?? 0;
}
