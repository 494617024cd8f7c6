using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Small configurations for tests: three fenced nodes around what a test is about.</summary>
internal static class Conf
{
    private const string Nodes =
        """
        <clusternodes>
        <clusternode name="n1" nodeid="1"><fence><method name="1"><device name="apc"/></method></fence></clusternode>
        <clusternode name="n2" nodeid="2"><fence><method name="1"><device name="apc"/></method></fence></clusternode>
        <clusternode name="n3" nodeid="3"><fence><method name="1"><device name="apc"/></method></fence></clusternode>
        </clusternodes>
        <fencedevices><fencedevice name="apc" agent="fence_apc"/></fencedevices>

        """;

    /// <summary>The line of the first line of what is given to <see cref="WithRm"/>.</summary>
    public const int RmLine = 8;

    /// <summary>A sound cluster around the given children of <c>rm</c>.</summary>
    public static string WithRm(string rm) => $"<cluster name=\"t\" config_version=\"1\">\n{Nodes}<rm>{rm}</rm></cluster>";

    /// <summary>A cluster with the given children and nothing else.</summary>
    public static string Cluster(string children) => $"<cluster name=\"t\" config_version=\"1\">{children}</cluster>";

    /// <summary>Reads with the built-in types.</summary>
    public static ConfigurationResult Read(string text) => ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn);

    /// <summary>Reads the children of <c>rm</c> in a sound cluster.</summary>
    public static ConfigurationResult ReadRm(string rm) => Read(WithRm(rm));

    /// <summary>The labels of one service's resources in start order.</summary>
    public static string[] Start(this ConfigurationResult result, string service) => [.. ResourceOrder.Start(result.Tree(service)).Select(node => node.Label)];

    /// <summary>The labels of one service's resources in stop order.</summary>
    public static string[] Stop(this ConfigurationResult result, string service) => [.. ResourceOrder.Stop(result.Tree(service)).Select(node => node.Label)];

    public static ResourceNode Tree(this ConfigurationResult result, string service) =>
        result.Configuration?.FindService(Contracts.ServiceName.Parse(service))?.Tree ?? throw new ArgumentException($"no service {service}");

    /// <summary>The one resource of that label anywhere.</summary>
    public static ResourceNode Node(this ConfigurationResult result, string label) =>
        result.Configuration!.Services.SelectMany(service => ResourceOrder.Start(service.Tree)).Single(node => node.Label == label);

    /// <summary>Codes with lines, as <c>#30@12</c>, without the warning about types not yet run.</summary>
    public static string[] Findings(this ConfigurationResult result) =>
        [.. result.Problems.Where(problem => problem.Code != ProblemCode.NotYetRun).Select(problem => $"{problem.Code}@{problem.Line}")];
}
