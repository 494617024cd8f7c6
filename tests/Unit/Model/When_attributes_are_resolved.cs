using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>Source: rgmanager.md 1.7, 2.3 and the end of 2.6.</summary>
public sealed class When_attributes_are_resolved
{
    [Fact]
    public void An_attribute_is_inherited_from_the_parent_through_its_parents()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <service name="s"><fs name="f" mountpoint="/export" device="/dev/f" fsid="7">
              <nfsexport name="e"><nfsclient name="c" target="*"/></nfsexport></fs></service>
            """);

        ResourceNode client = result.Node("nfsclient:c");

        Assert.Equal("/export", client.Attributes["path"]);
        Assert.Equal("7", client.Attributes["fsid"]);
    }

    [Fact]
    public void An_attribute_of_a_type_comes_from_the_nearest_ancestor_of_that_type()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s" nfslock="1"><mysql name="m"><ip address="10.0.0.1"/></mysql></service>""");

        Assert.Equal("1", result.Node("ip:10.0.0.1").Attributes["nfslock"]);
        Assert.Equal("s", result.Node("mysql:m").Attributes["service_name"]);
    }

    [Fact]
    public void A_value_of_its_own_is_not_inherited_over()
    {
        ConfigurationResult result = Conf.ReadRm(
            """<service name="s"><fs name="f" mountpoint="/f" device="/d"><nfsexport name="e" path="/other"/></fs></service>""");

        Assert.Equal("/other", result.Node("nfsexport:e").Attributes["path"]);
    }

    [Fact]
    public void What_no_ancestor_has_is_not_passed_at_all()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s"><nfsclient name="c" target="*"/></service>""");

        Assert.False(result.Node("nfsclient:c").Attributes.ContainsKey("path"));
    }

    [Fact]
    public void Defaults_are_attributes_and_unknown_attributes_are_not()
    {
        ConfigurationResult result = Conf.ReadRm("""<service name="s"><ip address="10.0.0.1" colour="red" __max_failures="3"/></service>""");

        Assert.Equal(["address", "monitor_link", "nfslock"], result.Node("ip:10.0.0.1").Attributes.Keys);
    }

    /// <summary>Source: rgmanager.md 2.6: overrides a default and drops the inheritance, never for primary or unique attributes.</summary>
    [Fact]
    public void Resource_defaults_replace_the_types_own()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resource-defaults><ip monitor_link="0" nfslock="9" address="10.9.9.9"/></resource-defaults>
            <service name="s" nfslock="1"><ip address="10.0.0.1"/></service>
            """);

        ResourceNode ip = result.Node("ip:10.0.0.1");

        Assert.Equal("0", ip.Attributes["monitor_link"]);
        Assert.Equal("9", ip.Attributes["nfslock"]);
    }

    /// <summary>Source: rgmanager.md 1.7: without depth, or with *, every depth; a given depth only that one; the rest is kept.</summary>
    [Theory]
    [InlineData("""<action name="status" interval="7"/>""", "0:7/10 10:7/30 20:7/30")]
    [InlineData("""<action name="status" depth="*" timeout="1m"/>""", "0:60/60 10:30/60 20:60/60")]
    [InlineData("""<action name="status" depth="10" interval="0"/>""", "0:60/10 10:0/30 20:60/30")]
    [InlineData("""<action name="status" depth="5" interval="3" timeout="4"/>""", "0:60/10 10:30/30 20:60/30 5:3/4")]
    public void An_action_override_changes_the_depths_it_names(string action, string expected)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="s"><fs name="f" mountpoint="/f" device="/d">{action}</fs></service>""");

        IEnumerable<string> checks = result.Node("fs:f").Actions
            .Where(known => known.Name == "status")
            .Select(known => $"{known.Depth}:{known.Interval.TotalSeconds}/{known.Timeout.TotalSeconds}");

        Assert.Equal(expected, string.Join(' ', checks));
        Assert.Empty(result.Findings());
    }

    /// <summary>Source: rgmanager.md 1.7: what is not in the metadata is added only with depth, timeout and interval.</summary>
    [Theory, Trait("Message", "1048")]
    [InlineData("""<action name="status" depth="5" interval="3"/>""")]
    [InlineData("""<action name="stop2" depth="0" interval="3" timeout="3"/>""")]
    public void An_override_of_no_known_action_is_ignored_with_a_warning(string action)
    {
        ConfigurationResult result = Conf.ReadRm($"""<service name="s"><ip address="10.0.0.1">{action}</ip></service>""");

        Assert.Equal([$"Q1048@{Conf.RmLine}"], result.Findings());
        Assert.Equal(ResourceTypeCatalog.BuiltIn.Find("ip")!.Actions, result.Node("ip:10.0.0.1").Actions);
    }

    /// <summary>Source: rgmanager.md 1.7: overrides on a ref= element are ignored.</summary>
    [Fact, Trait("Message", "1049")]
    public void An_override_below_a_reference_has_no_effect()
    {
        ConfigurationResult result = Conf.ReadRm(
            """
            <resources><ip address="10.0.0.1"/></resources>
            <service name="s"><ip ref="10.0.0.1"><action name="status" interval="1"/></ip></service>
            """);

        Assert.Equal([$"Q1049@{Conf.RmLine + 1}"], result.Findings());
        Assert.Equal(ResourceTypeCatalog.BuiltIn.Find("ip")!.Actions, result.Node("ip:10.0.0.1").Actions);
    }

    /// <summary>Source: rgmanager.md 1.4: suffixes add up.</summary>
    [Theory]
    [InlineData("30", 30)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172_800)]
    [InlineData("1W", 604_800)]
    [InlineData("500ms", 0.5)]
    public void Lengths_of_time_have_suffixes_that_add_up(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("3x")]
    [InlineData("h")]
    [InlineData("99999999999")]
    [InlineData("999999999y")]
    public void What_is_no_length_of_time_is_refused(string text) => Assert.Null(DurationText.Parse(text));
}
