using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: OCF resource agent API 1.1.</summary>
public sealed class When_an_agent_is_called
{
    /// <summary>Agents name their state files after the instance: with one for both, each would read what the other wrote.</summary>
    [Fact]
    public void Names_that_differ_in_unsafe_letters_alone_are_instances_of_their_own()
    {
        string[] instances = [.. new[] { "a b", "a_b", "a/b", "a+0020b", "a\u02000b" }.Select(name => EnvironmentOf(name)["OCF_RESOURCE_INSTANCE"])];

        Assert.Equal(["ocf_a+0020b", "ocf_a_b", "ocf_a+002Fb", "ocf_a+002B0020b", "ocf_a+02000b"], instances);
    }

    [Fact]
    public void It_is_told_who_it_is_and_how_long_it_has()
    {
        ImmutableSortedDictionary<string, string> environment = EnvironmentOf("vip");

        Assert.Equal("vip", environment["OCF_RESKEY_name"]);
        Assert.Equal(
            ("1", "1", "heartbeat", "Dummy", "ocf_vip", "0", "30000", "0"),
            (environment["OCF_RA_VERSION_MAJOR"], environment["OCF_RA_VERSION_MINOR"], environment["OCF_RESOURCE_PROVIDER"],
                environment["OCF_RESOURCE_TYPE"], environment["OCF_RESOURCE_INSTANCE"], environment["OCF_CHECK_LEVEL"],
                environment["OCF_RESKEY_CRM_meta_timeout"], environment["OCF_RESKEY_CRM_meta_interval"]));
    }

    private static ImmutableSortedDictionary<string, string> EnvironmentOf(string name)
    {
        string text = $"""
            <cluster name="c" config_version="1"><clusternodes><clusternode name="n1" nodeid="1"/></clusternodes>
            <rm><service name="web"><ocf name="{name}" agent="heartbeat:Dummy"/></service></rm></cluster>
            """;
        ResourceNode tree = ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration!.FindService(new ServiceName("service:web"))!.Tree;
        return InvocationOf.Monitor(Assert.Single(tree.Children))!.Environment;
    }
}
