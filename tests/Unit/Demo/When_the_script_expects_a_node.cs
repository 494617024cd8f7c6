using Quorate.Cli.Demo.Script;
using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Tests.Unit.House;

namespace Quorate.Tests.Unit.Demo;

/// <summary>Source: rgmanager.md 1.2, for the domains of examples/demo/cluster.conf.</summary>
public sealed class When_the_script_expects_a_node
{
    private static readonly ConfigurationResult Read = ClusterConfigurationReader.Read(
        File.ReadAllText(Path.Combine(Repository.Root, "examples", "demo", "cluster.conf")), ResourceTypeCatalog.BuiltIn);

    private static readonly ClusterConfiguration Cluster =
        Read.Configuration ?? throw new InvalidOperationException("examples/demo/cluster.conf is no configuration");

    [Theory]
    [InlineData("web", "n1 n2 n3", "n1")]
    [InlineData("web", "n2 n3", "n2")]
    [InlineData("mail", "n3", "n3")]
    [InlineData("files", "n1 n2 n3", "n2 n3")]
    [InlineData("files", "n1 n3", "n3")]
    [InlineData("files", "n1", "")]
    [InlineData("shop", "n1 n3", "n1 n3")]
    public void It_reads_the_domain(string service, string online, string expected)
    {
        ServiceDefinition definition = Cluster.FindService(ServiceName.Parse(service)) ?? throw new InvalidOperationException(service);
        NodeName[] nodes = [.. online.Split(' ').Select(name => new NodeName(name))];

        Assert.Equal(expected, string.Join(' ', Residence.Of(definition, Cluster, nodes)));
    }

    [Fact]
    public void The_demo_has_no_mistake_in_its_configuration()
    {
        Assert.DoesNotContain(Read.Problems, problem => problem.Severity == ConfigSeverity.Error);
        Assert.True(Cluster.Services.Length >= 5);
    }
}
