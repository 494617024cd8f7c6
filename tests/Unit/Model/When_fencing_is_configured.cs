using Quorate.Model.Configuration;
using Quorate.Model.Fencing;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: fenced(8) and DESIGN 3, S6.</summary>
[Trait("Rule", "S6")]
public sealed class When_fencing_is_configured
{
    [Fact]
    public void Methods_and_their_devices_keep_their_order()
    {
        ClusterNode node = Node("""
            <method name="ipmi"><device name="bmc" port="1"/></method>
            <method name="power"><device name="pdu" port="3"/><device name="pdu" port="4" action="off"/></method>
            """);

        Assert.Equal(["ipmi", "power"], node.FenceMethods.Select(method => method.Name));
        Assert.Equal(["3", "4"], node.FenceMethods[1].Devices.Select(device => device.Options["port"]));
        Assert.Equal([false, true], node.FenceMethods[1].Devices.Select(device => device.StaysOff));
    }

    [Fact]
    public void A_methods_options_override_the_devices_and_the_action_is_no_option()
    {
        FenceDevice device = Node("""<method name="1"><device name="bmc" login="other" action="reboot"/></method>""").FenceMethods[0].Devices[0];

        Assert.Equal("fence_ipmilan", device.Agent);
        Assert.Equal("ipaddr=10.0.0.9,login=other,passwd=secret", string.Join(',', device.Options.Select(option => $"{option.Key}={option.Value}")));
    }

    [Theory]
    [InlineData("""<device name="gone"/>""", "Q1020"), Trait("Message", "1020")]
    [InlineData("""<device name="bmc"/><device name="gone"/>""", "Q1020")]
    [InlineData("""<device name="mute"/>""", "Q1023"), Trait("Message", "1023")]
    [InlineData("""<device name="path"/>""", "Q1023")]
    public void A_method_with_a_device_that_cannot_be_used_is_reported_and_left_out(string devices, string code)
    {
        ConfigurationResult result = Read($"""<method name="1">{devices}</method><method name="2"><device name="pdu"/></method>""");

        Assert.Contains(result.Problems, problem => problem.Code == code && problem.Severity == ConfigSeverity.Warning);
        Assert.Equal(["2"], result.Configuration!.Nodes[0].FenceMethods.Select(method => method.Name));
    }

    /// <summary>A person is no device: such a node has none that works by itself.</summary>
    [Fact]
    public void Fence_manual_is_no_device()
    {
        ConfigurationResult result = Read("""<method name="1"><device name="person"/></method>""", rm: """<rm><service name="web"/></rm>""");

        Assert.False(result.Configuration!.Nodes[0].HasFenceDevice);
        Assert.DoesNotContain(result.Problems, problem => problem.Code is "Q1020" or "Q1023");
    }

    [Theory]
    [InlineData("", 0, 6)]
    [InlineData("""<fence_daemon post_fail_delay="3" post_join_delay="20"/>""", 3, 20)]
    [InlineData("""<fence_daemon post_fail_delay="x"/>""", 0, 6)]
    public void The_delays_of_fence_daemon_are_seconds(string daemon, int fail, int join)
    {
        FencingSettings settings = Read("", daemon).Configuration!.Fencing;

        Assert.Equal((fail, join), (settings.PostFailDelay.TotalSeconds, settings.PostJoinDelay.TotalSeconds));
    }

    [Theory]
    [InlineData("keep", true)]
    [InlineData("Keep", true)]
    [InlineData("stop", false)]
    public void A_node_with_a_device_keeps_its_services_where_it_is_told_to(string value, bool keeps)
    {
        ConfigurationResult result = Read("""<method name="1"><device name="bmc"/></method>""", node: $"on_lease_loss=\"{value}\"");

        Assert.DoesNotContain(result.Problems, problem => problem.Text.Contains("lease", StringComparison.Ordinal));
        Assert.Equal(keeps, result.Configuration!.Nodes[0].KeepsOnLeaseLoss);
    }

    /// <summary>Nobody could ever take its services over (rule S7).</summary>
    [Theory, Trait("Message", "1025")]
    [InlineData("")]
    [InlineData("""<method name="1"><device name="gone"/></method>""")]
    [InlineData("""<method name="1"><device name="person"/></method>""")]
    public void A_node_without_one_may_not(string methods)
    {
        ConfigurationResult result = Read(methods, node: "on_lease_loss=\"keep\"");

        ConfigProblem problem = Assert.Single(result.Problems, problem => problem.Code == "Q1025");
        Assert.Equal((ConfigSeverity.Error, 2), (problem.Severity, problem.Line));
        Assert.False(result.Configuration!.Nodes[0].KeepsOnLeaseLoss);
    }

    [Fact, Trait("Message", "1024")]
    public void Anything_else_is_reported_and_stop_is_used()
    {
        ConfigurationResult result = Read("""<method name="1"><device name="bmc"/></method>""", node: "on_lease_loss=\"maintenance\"");

        Assert.Single(result.Problems, problem => problem.Code == "Q1024" && problem.Severity == ConfigSeverity.Warning);
        Assert.False(result.Configuration!.Nodes[0].KeepsOnLeaseLoss);
    }

    private static ClusterNode Node(string methods) => Read(methods).Configuration!.Nodes[0];

    private static ConfigurationResult Read(string methods, string daemon = "", string rm = "", string node = "") => ClusterConfigurationReader.Read(
        $"""
        <cluster name="c" config_version="1">
          <clusternodes><clusternode name="n1" nodeid="1" {node}><fence>{methods}</fence></clusternode></clusternodes>
          <fencedevices>
            <fencedevice name="bmc" agent="fence_ipmilan" ipaddr="10.0.0.9" login="admin" passwd="secret"/>
            <fencedevice name="pdu" agent="fence_apc" ipaddr="10.0.0.8"/>
            <fencedevice name="mute" ipaddr="10.0.0.7"/>
            <fencedevice name="path" agent="/tmp/fence"/>
            <fencedevice name="person" agent="fence_manual"/>
          </fencedevices>
          {daemon}
          {rm}
        </cluster>
        """,
        ResourceTypeCatalog.BuiltIn);
}
