using System.Collections.Immutable;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md 2.1; DESIGN 6 for the types of our own.</summary>
public sealed class When_types_are_described
{
    [Fact]
    public void The_rule_files_describe_every_type_of_rgmanager_and_our_own()
    {
        string[] expected =
        [
            "apache", "ASEHAagent", "clusterfs", "drbd", "fs", "ip", "lsb", "lvm", "mysql", "named", "netfs", "nfsclient", "nfsexport", "nfsserver",
            "ocf", "openldap", "oracledb", "postgres-8", "samba", "SAPDatabase", "SAPInstance", "script", "service", "smb", "systemd", "tomcat-5", "tomcat-6", "vm",
        ];

        Assert.Equal(expected, ResourceTypeCatalog.BuiltIn.Types.Select(type => type.Name));
        Assert.All(ResourceTypeCatalog.BuiltIn.Types, type => Assert.True(type.Primary.IsPrimary));
        Assert.All(ResourceTypeCatalog.BuiltIn.Types, type => Assert.Contains(type.Actions, action => action.Name == "stop"));
    }

    [Fact, Trait("Message", "1050")]
    public void Those_that_run_have_an_agent_and_the_others_say_so()
    {
        Assert.Equal(
            ["drbd", "samba", "smb", "tomcat-5", "tomcat-6"],
            ResourceTypeCatalog.BuiltIn.Types.Where(type => type.Agent is null).Select(type => type.Name));

        ConfigurationResult result = Conf.ReadRm("""<resources><drbd name="x" resource="r"/></resources><service name="s"><samba name="m"/></service>""");

        ConfigProblem problem = Assert.Single(result.Problems);
        Assert.Equal((ProblemCode.NotYetRun, ConfigSeverity.Warning), (problem.Code, problem.Severity));
        Assert.Contains("samba", problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1/24", "cidr_netmask=24 ip=10.0.0.1")]
    [InlineData("10.0.0.1", "ip=10.0.0.1")]
    [InlineData("2001:db8::1/64", "cidr_netmask=64 ip=2001:db8::1")]
    public void An_ip_is_run_by_IPaddr2_with_address_and_prefix_apart(string address, string parameters)
    {
        AgentCall call = Call($"""<ip address="{address}" monitor_link="1"/>""", $"ip:{address}");

        Assert.Equal((AgentClass.Ocf, "heartbeat", "IPaddr2"), (call.Class, call.Provider, call.Type));
        Assert.Equal(parameters, Text(call.Parameters));
    }

    [Theory]
    [InlineData("""<netfs name="n" mountpoint="/m" host="nas" export="/x" options="ro"/>""", "netfs:n", "Filesystem", "device=nas:/x directory=/m force_unmount=false fstype=nfs options=ro")]
    [InlineData("""<clusterfs name="g" mountpoint="/m" device="/dev/g" fstype="gfs2" force_unmount="1"/>""", "clusterfs:g", "Filesystem", "device=/dev/g directory=/m force_unmount=1 fstype=gfs2")]
    [InlineData("""<lvm name="l" vg_name="vg" lv_name="lv"/>""", "lvm:l", "LVM-activate", "lvname=lv vg_access_mode=tagging vgname=vg")]
    [InlineData("""<apache name="a" server_root="/srv/www" config_file="conf/x.conf" httpd_options="-D SSL"/>""", "apache:a", "apache", "configfile=/srv/www/conf/x.conf options=-D SSL")]
    [InlineData("""<apache name="a" server_root="/srv/www" config_file="/etc/x.conf"/>""", "apache:a", "apache", "configfile=/etc/x.conf")]
    [InlineData("""<mysql name="m" config_file="/etc/my.cnf" mysqld_options="--x"/>""", "mysql:m", "mysql", "additional_parameters=--x config=/etc/my.cnf")]
    [InlineData("""<postgres-8 name="p" config_file="/data/postgresql.conf" postmaster_user="pg"/>""", "postgres-8:p", "pgsql", "config=/data/postgresql.conf pgdata=/data pgdba=pg")]
    [InlineData("""<named name="n" config_file="/n.conf" named_options="-4"/>""", "named:n", "named", "named_config=/n.conf named_options=-4")]
    [InlineData("""<openldap name="o" config_file="/o.conf" url_list="ldap://x/" slapd_options="-4"/>""", "openldap:o", "slapd", "config=/o.conf parameters=-4 services=ldap://x/")]
    [InlineData("""<oracledb name="ORCL" user="oracle" home="/o" listener_name="L"/>""", "oracledb:ORCL", "oracle", "home=/o sid=ORCL user=oracle")]
    [InlineData("""<SAPInstance InstanceName="X"/>""", "SAPInstance:X", "SAPInstance", null)]
    public void The_others_are_run_by_the_OCF_agent_that_does_the_job(string resource, string label, string type, string? parameters)
    {
        AgentCall call = Call(resource, label);

        Assert.Equal((AgentClass.Ocf, "heartbeat", type), (call.Class, call.Provider, call.Type));
        Assert.Equal(parameters ?? Text(call.Parameters), Text(call.Parameters));
    }

    [Fact]
    public void An_NFS_client_is_run_by_exportfs_with_what_it_inherits()
    {
        AgentCall call = Call(
            """<fs name="f" mountpoint="/m" device="/dev/x" fsid="7"><nfsexport name="e"><nfsclient name="c" target="10.0.0.0/24" options="rw"/></nfsexport></fs>""", "nfsclient:c");

        Assert.Equal(("exportfs", "clientspec=10.0.0.0/24 directory=/m fsid=7 options=rw"), (call.Type, Text(call.Parameters)));
    }

    [Theory]
    [InlineData("""xmlfile="/v.xml" """, "config=/v.xml")]
    [InlineData("""xmlfile="/v.xml" hypervisor_uri="qemu:///system" migration_uri="auto" snapshot="/snap" """, "config=/v.xml hypervisor=qemu:///system snapshot=/snap")]
    public void A_virtual_machine_is_run_by_VirtualDomain(string attributes, string parameters)
    {
        ResourceNode vm = Conf.ReadRm($"""<vm name="v" {attributes}/>""").Configuration!.Services[0].Tree;

        Assert.Equal(parameters, Text(AgentCall.For(vm)!.Parameters));
    }

    [Fact]
    public void A_file_system_is_run_by_Filesystem()
    {
        AgentCall call = Call("""<fs name="f" mountpoint="/m" device="/dev/x" fstype="ext4" options="noatime" self_fence="1"/>""", "fs:f");

        Assert.Equal((AgentClass.Ocf, "heartbeat", "Filesystem"), (call.Class, call.Provider, call.Type));
        Assert.Equal("device=/dev/x directory=/m force_unmount=false fstype=ext4 options=noatime", Text(call.Parameters));
    }

    [Fact]
    public void A_fixed_parameter_gives_way_to_the_configuration()
    {
        AgentCall call = Call("""<fs name="f" mountpoint="/m" device="/dev/x" force_unmount="1"/>""", "fs:f");

        Assert.Equal("1", call.Parameters["force_unmount"]);
    }

    [Theory]
    [InlineData("script")]
    [InlineData("lsb")]
    public void A_script_is_run_by_the_file_it_names(string type)
    {
        AgentCall call = Call($"""<{type} name="a" file="/etc/init.d/a"/>""", $"{type}:a");

        Assert.Equal((AgentClass.Lsb, "/etc/init.d/a"), (call.Class, call.Type));
        Assert.Empty(call.Parameters);
    }

    [Fact]
    public void Any_OCF_agent_gets_every_attribute_but_the_one_that_names_it()
    {
        AgentCall call = Call("""<ocf agent="heartbeat:IPaddr2" name="vip" ip="10.0.0.9" nic="eth0" __enforce_timeouts="1"/>""", "ocf:vip");

        Assert.Equal((AgentClass.Ocf, "heartbeat", "IPaddr2"), (call.Class, call.Provider, call.Type));
        Assert.Equal("ip=10.0.0.9 name=vip nic=eth0", Text(call.Parameters));
    }

    /// <summary>DESIGN 6: agents come only from the executor's own directories; a configuration never names a path.</summary>
    [Theory, Trait("Message", "1053")]
    [InlineData("IPaddr2")]
    [InlineData("../../tmp:evil")]
    [InlineData("heartbeat:../x")]
    [InlineData("heartbeat:.x")]
    [InlineData("a:b:c")]
    [InlineData("a:")]
    public void An_agent_that_is_not_provider_and_type_is_refused(string agent) =>
        Assert.Equal([$"Q1053@{Conf.RmLine}"], Conf.ReadRm($"""<service name="s"><ocf name="x" agent="{agent}"/></service>""").Findings());

    [Fact]
    public void A_service_only_groups() => Assert.Equal(AgentClass.Group, Call("", "service:s").Class);

    [Fact]
    public void Rgmanager_metadata_gives_the_type()
    {
        AgentMetadataResult result = AgentMetadata.Parse(
            """
            <?xml version="1.0"?>
            <resource-agent version="rgmanager 2.0" name="disk"><parameters>
            <parameter name="device" unique="1" required="yes"><content default="/dev/null"/></parameter>
            <parameter name="name" primary="1"/><parameter name="lock" inherit="service%nfslock"/></parameters>
            <actions><action name="start" timeout="1m"/><action name="status" depth="10" interval="1h"/></actions>
            <special tag="rgmanager"><attributes maxinstances="1" init_on_add="0"/><child type="ip" start="2" stop="300"/><child type="smb" forbid="1"/></special>
            </resource-agent>
            """);

        Assert.Empty(result.Problems);
        ResourceType type = result.Type!;
        Assert.Equal(["name", "device", "lock"], type.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(new("device", false, true, true, false, null, "/dev/null"), type.Parameters[1]);
        Assert.Equal([new("start", 0, TimeSpan.FromMinutes(1), TimeSpan.Zero), new("status", 10, TimeSpan.Zero, TimeSpan.FromHours(1))], type.Actions.AsEnumerable());
        Assert.Equal([new("ip", 2, 100, false), new("smb", 0, 0, true)], type.Children.AsEnumerable());
        Assert.Equal((1, false, true), (type.MaxInstances, type.IsInitializedOnAdd, type.IsStoppedOnDelete));
    }

    /// <summary>A plain OCF agent's defaults describe what it does by itself; passing them on could change that.</summary>
    [Fact]
    public void Plain_OCF_metadata_gives_a_type_whose_name_we_add()
    {
        AgentMetadataResult result = AgentMetadata.Parse(
            """
            <!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
            <resource-agent name="IPaddr2"><parameters>
            <parameter name="ip" unique="1" required="1"><content type="string" default=""/></parameter></parameters>
            <actions><action name="monitor" depth="0" timeout="20s" interval="10s"/></actions></resource-agent>
            """);

        Assert.Equal(["name", "ip"], result.Type!.Parameters.Select(parameter => parameter.Name));
        Assert.Null(result.Type.Parameters[1].Default);
    }

    /// <summary>Source: rgmanager.md 2.1: inherit excludes required, primary and unique; one primary; "action" is reserved.</summary>
    [Theory]
    [InlineData("no xml")]
    [InlineData("<fence-agent name=\"x\"/>")]
    [InlineData("<resource-agent/>")]
    [InlineData("<resource-agent name=\"action\"/>")]
    [InlineData("<resource-agent name=\"x\"><parameters><parameter name=\"a\" primary=\"1\"/><parameter name=\"b\" primary=\"1\"/></parameters></resource-agent>")]
    [InlineData("<resource-agent name=\"x\"><parameters><parameter name=\"a\" primary=\"1\" inherit=\"b\"/></parameters></resource-agent>")]
    public void Metadata_that_describes_no_usable_type_says_why(string xml)
    {
        AgentMetadataResult result = AgentMetadata.Parse(xml);

        Assert.Null(result.Type);
        Assert.NotEmpty(result.Problems);
    }

    private static AgentCall Call(string resource, string label) =>
        AgentCall.For(Conf.ReadRm($"<service name=\"s\">{resource}</service>").Node(label)) ?? throw new ArgumentException($"{label} has no agent");

    private static string Text(ImmutableSortedDictionary<string, string> parameters) => string.Join(' ', parameters.Select(pair => $"{pair.Key}={pair.Value}"));
}
