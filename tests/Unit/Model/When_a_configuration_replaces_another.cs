using Quorate.Contracts;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md 2.9, and its scenarios 18 to 22 as far as they say what stops and starts.</summary>
public sealed class When_a_configuration_replaces_another
{
    private const string Export =
        """
        <fs name="data" mountpoint="/mnt/d" device="/dev/DEVICE"><nfsexport name="export"><nfsclient name="a" target="TARGET"/><nfsclient name="b" target="b.example"/></nfsexport></fs>
        """;

    private const string Mixed = """<mysql name="db" shutdown_wait="WAIT"/><ip address="10.0.0.1" monitor_link="LINK"/><fs name="d" mountpoint="/mnt/d" device="/dev/DEVICE"/>""";

    [Fact]
    public void The_same_text_asks_for_nothing()
    {
        const string Text = $"""<service name="s">{Export}</service><vm name="guest" path="/srv"/>""";

        Assert.Empty(Delta(Text, Text).Services);
    }

    [Fact]
    public void Scenario_18_a_changed_client_stops_and_starts_alone()
    {
        string old = $"""<service name="s">{Export}</service>""";

        ConfigurationDelta delta = Delta(old, old.Replace("TARGET", "c.example", StringComparison.Ordinal));

        Assert.Equal(["stop nfsclient:a"], Down(delta));
        Assert.Equal(["start nfsclient:a"], Up(delta));
        Assert.Equal("target was \"TARGET\", now \"c.example\"", Only(delta).Down[0].Reason);
        Assert.Equal((ServiceDeltaKind.Adjusted, "it keeps running; of its resources 1 stop, 1 start"), (Only(delta).Kind, Only(delta).Reason));
    }

    [Fact]
    public void Scenario_19_a_changed_file_system_takes_all_below_it_and_leaves_its_siblings()
    {
        string old = $"""<service name="s">{Export}<ip address="10.0.0.1"/><script name="x" file="/x"/></service>""";

        ConfigurationDelta delta = Delta(old, old.Replace("DEVICE", "sdb", StringComparison.Ordinal));

        Assert.Equal(["stop nfsclient:b", "stop nfsclient:a", "stop nfsexport:export", "stop fs:data"], Down(delta));
        Assert.Equal(["start fs:data", "start nfsexport:export", "start nfsclient:a", "start nfsclient:b"], Up(delta));
        Assert.Equal("it stands below fs:data, which stops", Only(delta).Down.Single(operation => operation.Node.Label == "nfsexport:export").Reason);
    }

    [Fact]
    public void Scenario_20_a_changed_recovery_policy_is_taken_over_while_the_service_runs()
    {
        ConfigurationDelta delta = Delta(
            $"""<service name="s" recovery="restart">{Export}</service>""", $"""<service name="s" recovery="relocate">{Export}</service>""");

        Assert.Empty(Down(delta));
        Assert.Equal(["reconfigure service:s"], Up(delta));
        Assert.Equal("recovery was \"restart\", now \"relocate\"", Only(delta).Up[0].Reason);
    }

    [Fact]
    public void Scenario_21_any_other_change_of_a_service_stops_it_and_places_it_anew()
    {
        ConfigurationDelta delta = Delta(
            """<service name="s"><ip address="10.0.0.1"/><script name="x" file="/x"/></service>""",
            """<service name="s" nfslock="1"><ip address="10.0.0.1"/><script name="x" file="/x"/></service>""");

        Assert.Equal((ServiceDeltaKind.Replaced, "nfslock was \"0\", now \"1\""), (Only(delta).Kind, Only(delta).Reason));
        Assert.Equal(["stop script:x", "stop ip:10.0.0.1", "stop service:s"], Down(delta));
        Assert.Equal(["start service:s", "start ip:10.0.0.1", "start script:x"], Up(delta));
    }

    [Fact]
    public void Scenario_22_a_virtual_machine_that_goes_is_left_running_and_one_that_comes_as_it_is_found()
    {
        ServiceDelta removed = Only(Delta("""<vm name="guest"/>""", ""));
        ServiceDelta added = Only(Delta("", """<vm name="guest"/>"""));

        Assert.Equal((ServiceDeltaKind.Removed, true), (removed.Kind, removed.IsLeftRunning));
        Assert.Empty(removed.Down);
        Assert.Equal("it is no longer configured; a vm without resources below it is not stopped for that", removed.Reason);
        Assert.Equal((ServiceDeltaKind.Added, true), (added.Kind, added.IsLeftAsFound));
        Assert.Equal(["start vm:guest"], added.Up.Select(Text));
    }

    /// <summary>Source: rgmanager.md 2.1, destroy_on_delete and init_on_add: it is the type that decides, not that it can migrate.</summary>
    [Fact]
    public void A_migratory_type_that_does_not_ask_for_it_is_stopped()
    {
        // The built-in rule files always hold vm.
        ResourceTypeCatalog types = new([ResourceTypeCatalog.BuiltIn.Find("vm")! with { IsStoppedOnDelete = true, IsInitializedOnAdd = true }]);
        ClusterConfiguration with = ClusterConfigurationReader.Read(Conf.WithRm("""<vm name="guest"/>"""), types).Configuration!;
        ClusterConfiguration without = ClusterConfigurationReader.Read(Conf.WithRm(""), types).Configuration!;

        ServiceDelta removed = Only(ConfigurationDelta.Between(with, without));

        Assert.False(removed.IsLeftRunning);
        Assert.Equal(["stop vm:guest"], removed.Down.Select(Text));
        Assert.False(Only(ConfigurationDelta.Between(without, with)).IsLeftAsFound);
    }

    [Fact]
    public void A_virtual_machine_that_changes_runs_on_as_it_was_started()
    {
        ServiceDelta changed = Only(Delta("""<vm name="guest" path="/a"/>""", """<vm name="guest" path="/b"/>"""));

        Assert.Equal((ServiceDeltaKind.Replaced, true, true), (changed.Kind, changed.IsLeftRunning, changed.IsLeftAsFound));
        Assert.Empty(changed.Down);
        Assert.Empty(changed.Up);
        Assert.Equal("path was \"/a\", now \"/b\"; it runs on as it was started, and the change takes effect with its next start", changed.Reason);
    }

    /// <summary>Source: rgmanager.md 2.9, the exception is for roots without children only; 1.5, what migratory means.</summary>
    [Fact]
    public void A_virtual_machine_with_resources_below_it_is_stopped_like_any_service()
    {
        const string Old = """<vm name="guest"><script name="x" file="/x"/></vm>""";

        Assert.Equal(["stop script:x", "stop vm:guest"], Down(Delta(Old, "")));
        Assert.Equal(["stop script:x", "stop vm:guest"], Down(Delta(Old, """<vm name="guest" path="/b"/>""")));
    }

    /// <summary>A virtual machine that gets resources below it can no longer be left as it is: it is one service with them.</summary>
    [Fact]
    public void A_virtual_machine_that_changes_and_gets_resources_is_stopped()
    {
        ConfigurationDelta delta = Delta("""<vm name="guest"/>""", """<vm name="guest" path="/b"><script name="x" file="/x"/></vm>""");

        Assert.Equal(["stop vm:guest"], Down(delta));
        Assert.Equal(["start vm:guest", "start script:x"], Up(delta));
    }

    [Fact]
    public void A_removed_service_stops_as_it_was_and_a_new_one_starts()
    {
        ConfigurationDelta delta = Delta(
            """<service name="old"><ip address="10.0.0.1"/></service>""", """<service name="new"><ip address="10.0.0.2"/></service>""");

        Assert.Equal(["service:old Removed it is no longer configured", "service:new Added it is new"], delta.Services.Select(service => $"{service.Name} {service.Kind} {service.Reason}"));
        Assert.Equal(["stop ip:10.0.0.1", "stop service:old"], Down(delta));
        Assert.Equal(["start service:new", "start ip:10.0.0.2"], Up(delta));
    }

    /// <summary>Source: rgmanager.md 1.4 and scenario 23: without autostart a service that never ran waits.</summary>
    [Fact]
    public void A_new_service_without_autostart_waits()
    {
        ServiceDelta added = Only(Delta("", """<service name="s" autostart="0"/>"""));

        Assert.Equal((true, "autostart is off, so it waits until it is enabled"), (added.WaitsForEnable, added.Reason));
        Assert.False(Only(Delta("", """<service name="s"/>""")).WaitsForEnable);
    }

    [Fact]
    public void A_removed_resource_stops_alone_and_a_new_one_starts_alone()
    {
        ConfigurationDelta delta = Delta(
            """<service name="s"><ip address="10.0.0.1"/><script name="x" file="/x"/></service>""",
            """<service name="s"><script name="x" file="/x"><ip address="10.0.0.2"/></script></service>""");

        Assert.Equal(["stop ip:10.0.0.1"], Down(delta));
        Assert.Equal(["start ip:10.0.0.2"], Up(delta));
    }

    /// <summary>Source: rgmanager.md 2.9, "moving a shared resource between parents stops and starts it".</summary>
    [Fact]
    public void A_resource_that_moves_stops_where_it_was_and_starts_where_it_is_now()
    {
        ConfigurationDelta delta = Delta(
            """<service name="s"><script name="x" file="/x"/><ip address="10.0.0.1"/></service><service name="t"/>""",
            """<service name="s"><script name="x" file="/x"/></service><service name="t"><ip address="10.0.0.1"/></service>""");

        Assert.Equal(["stop ip:10.0.0.1"], Down(delta));
        Assert.Equal(["start ip:10.0.0.1"], Up(delta));
        Assert.Equal("it no longer stands below service:s", delta.Find(new("service:s"))!.Down[0].Reason);
        Assert.Equal("it now stands below service:t", delta.Find(new("service:t"))!.Up[0].Reason);
    }

    [Fact]
    public void A_shared_resource_that_changes_does_so_wherever_it_is_used()
    {
        const string Old = """<resources><nfsclient name="c" target="a"/></resources><service name="s"><nfsclient ref="c"/></service><service name="t"><nfsclient ref="c"/></service>""";

        ConfigurationDelta delta = Delta(Old, Old.Replace("target=\"a\"", "target=\"b\"", StringComparison.Ordinal));

        Assert.Equal(["stop nfsclient:c", "stop nfsclient:c"], Down(delta));
        Assert.Equal(["service:s", "service:t"], delta.Services.Select(service => service.Name.Value));
    }

    /// <summary>What is below a reconfigured service is compared all the same.</summary>
    [Fact]
    public void A_reconfigured_service_may_lose_and_get_resources()
    {
        ConfigurationDelta delta = Delta(
            """<service name="s" exclusive="0"><ip address="10.0.0.1"/></service>""",
            """<service name="s" exclusive="1"><script name="x" file="/x"/></service>""");

        Assert.Equal(["stop ip:10.0.0.1"], Down(delta));
        Assert.Equal(["reconfigure service:s", "start script:x"], Up(delta));
    }

    /// <summary>Source: DESIGN 9. Previously (rgmanager) an attribute without a default that came or went restarted the whole service.</summary>
    [Theory]
    [InlineData("", "domain=\"west\"", "domain=\"west\" was added")]
    [InlineData("domain=\"west\"", "", "domain=\"west\" was removed")]
    public void A_reconfigurable_attribute_that_comes_or_goes_is_a_reconfiguration(string old, string present, string reason)
    {
        ConfigurationDelta delta = Delta($"""<service name="s" {old}/>""", $"""<service name="s" {present}/>""");

        Assert.Equal(["reconfigure service:s"], Up(delta));
        Assert.Empty(Down(delta));
        Assert.Equal(reason, Only(delta).Up[0].Reason);
    }

    [Fact]
    public void One_attribute_that_is_not_reconfigurable_outweighs_those_that_are()
    {
        ServiceDelta delta = Only(Delta("""<service name="s"/>""", """<service name="s" exclusive="1" nfslock="1"/>"""));

        Assert.Equal((ServiceDeltaKind.Replaced, "exclusive was \"0\", now \"1\"; nfslock was \"0\", now \"1\""), (delta.Kind, delta.Reason));
    }

    /// <summary>Source: rgmanager.md 2.4 (the quirk) and DESIGN 9: the original stopped the siblings here in start order, and started mysql first.</summary>
    [Fact]
    public void Changed_siblings_stop_in_stop_order_and_start_in_start_order()
    {
        string old = $"""<service name="s">{Mixed}</service>""";
        string present = old.Replace("WAIT", "3", StringComparison.Ordinal).Replace("LINK", "0", StringComparison.Ordinal).Replace("DEVICE", "sdb", StringComparison.Ordinal);

        ConfigurationDelta delta = Delta(old, present);

        Assert.Equal(["stop mysql:db", "stop ip:10.0.0.1", "stop fs:d"], Down(delta));
        Assert.Equal(["start fs:d", "start ip:10.0.0.1", "start mysql:db"], Up(delta));
    }

    /// <summary>Source: rgmanager.md 2.9 and 1.3: what is no difference.</summary>
    [Theory]
    [InlineData("""<ip address="10.0.0.1"/><script name="x" file="/x"/><script name="y" file="/y"/>""", """<script name="y" file="/y"/><script name="x" file="/x"/><ip address="10.0.0.1"/>""")]
    [InlineData("""<script name="x" file="/x"/>""", """<script name="x" file="/x" __independent_subtree="1" __enforce_timeouts="1"/>""")]
    [InlineData("""<script name="x" file="/x"/>""", """<script name="x" file="/x"><action name="status" depth="*" interval="7"/></script>""")]
    [InlineData("""<script name="x" file="/x"/>""", """<script name="x" file="/x" remark="new"/>""")]
    [InlineData("""<ip address="10.0.0.1"/>""", """<ip address="10.0.0.1" monitor_link="1"/>""")]
    public void Order_overrides_unknown_attributes_and_spelled_out_defaults_stop_nothing(string old, string present)
    {
        Assert.Empty(Delta($"""<service name="s">{old}</service>""", $"""<service name="s">{present}</service>""").Services);
    }

    [Fact]
    public void An_inline_resource_that_becomes_a_shared_one_runs_on()
    {
        ConfigurationDelta delta = Delta(
            """<service name="s"><script name="x" file="/x"/></service>""",
            """<resources><script name="x" file="/x"/></resources><service name="s"><script ref="x"/></service>""");

        Assert.Empty(delta.Services);
    }

    /// <summary>Source: rgmanager.md 2.3: a value of its own drops the inheritance, so the definition is another one.</summary>
    [Fact]
    public void An_inherited_value_that_is_written_out_is_a_change()
    {
        ConfigurationDelta delta = Delta(
            """<service name="s"><script name="x" file="/x"/></service>""", """<service name="s"><script name="x" file="/x" service_name="s"/></service>""");

        Assert.Equal(["stop script:x"], Down(delta));
    }

    /// <summary>It runs once, however often one parent refers to it: to stop "one use" would stop it for the other.</summary>
    [Fact]
    public void A_second_use_below_the_same_parent_is_no_difference()
    {
        const string Shared = """<resources><nfsclient name="c" target="a"/></resources>""";
        string once = Shared + """<service name="s"><nfsclient ref="c"><ip address="10.0.0.1"/></nfsclient></service>""";
        string twice = Shared + """<service name="s"><nfsclient ref="c"><ip address="10.0.0.1"/></nfsclient><nfsclient ref="c"/></service>""";

        Assert.Empty(Delta(once, twice).Services);
        Assert.Empty(Delta(twice, once).Services);
    }

    [Fact]
    public void A_resource_that_no_service_uses_stops_and_starts_nothing()
    {
        ConfigurationDelta delta = Delta(
            """<resources><script name="x" file="/x"/></resources>""", """<resources><script name="x" file="/y"/></resources>""");

        Assert.Empty(delta.Services);
    }

    [Fact]
    public void Reasons_show_no_passwords_and_no_endless_values()
    {
        string old = """<service name="s"><ocf name="o" agent="heartbeat:x" passwd="1" text="2"/></service>""";

        string reason = Only(Delta(old, old.Replace("1", "geheim", StringComparison.Ordinal).Replace("2", new string('x', 100), StringComparison.Ordinal))).Down[0].Reason;

        Assert.Equal($"passwd changed; text was \"2\", now \"{new string('x', 60)}...\"", reason);
    }

    private static ConfigurationDelta Delta(string before, string after) => ConfigurationDelta.Between(Read(before), Read(after));

    private static ClusterConfiguration Read(string rm) => Conf.ReadRm(rm).Configuration!;

    private static ServiceDelta Only(ConfigurationDelta delta) => Assert.Single(delta.Services);

    private static string[] Down(ConfigurationDelta delta) => [.. delta.Services.SelectMany(service => service.Down).Select(Text)];

    private static string[] Up(ConfigurationDelta delta) => [.. delta.Services.SelectMany(service => service.Up).Select(Text)];

    private static string Text(ResourceOperation operation) => $"{operation.Kind.ToString().ToLowerInvariant()} {operation.Node.Label}";
}
