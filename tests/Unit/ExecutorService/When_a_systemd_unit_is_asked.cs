using Quorate.Executor.Core.Agents;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: systemctl(1); rule S9, "not running" is said only of what has stopped.</summary>
public sealed class When_a_systemd_unit_is_asked
{
    [Theory]
    [InlineData("ActiveState=active\nTasksCurrent=3\n", ResourceRunState.Running)]
    [InlineData("ActiveState=active\nTasksCurrent=[not set]\n", ResourceRunState.Running)]
    [InlineData("ActiveState=reloading\nTasksCurrent=3\n", ResourceRunState.Running)]
    [InlineData("ActiveState=inactive\nTasksCurrent=[not set]\n", ResourceRunState.NotRunning)]
    [InlineData("ActiveState=inactive\nTasksCurrent=0\n", ResourceRunState.NotRunning)]
    [InlineData("ActiveState=inactive\n", ResourceRunState.NotRunning)]
    [InlineData("TasksCurrent=[not set]\nActiveState=inactive\nControlGroup=\nJob=\n", ResourceRunState.NotRunning)]
    [InlineData("ActiveState=failed\nTasksCurrent=[not set]\n", ResourceRunState.NotRunning)]
    public void What_runs_and_what_has_stopped_is_known(string properties, ResourceRunState expected) => Assert.Equal(expected, Judge(properties));

    [Theory]
    [Trait("Rule", "S9")]
    [InlineData("ActiveState=deactivating\nTasksCurrent=1\n")]
    [InlineData("ActiveState=activating\nTasksCurrent=1\n")]
    [InlineData("ActiveState=failed\nTasksCurrent=2\n")]
    [InlineData("ActiveState=inactive\nTasksCurrent=1\n")]
    [InlineData("TasksCurrent=[not set]\nActiveState=inactive\nControlGroup=/system.slice/a.service\nJob=\n")]
    [InlineData("TasksCurrent=[not set]\nActiveState=inactive\nControlGroup=\nJob=588\n")]
    [InlineData("ActiveState=maintenance\n")]
    [InlineData("")]
    [InlineData("Failed to connect to bus")]
    public void Anything_else_proves_nothing(string properties) => Assert.Equal(ResourceRunState.Unknown, Judge(properties));

    [Fact]
    [Trait("Rule", "S9")]
    public void A_bus_that_does_not_answer_proves_nothing() =>
        Assert.Equal(ResourceRunState.Unknown, AgentMeaning.Judge(AgentClass.Systemd, new AgentResult { End = AgentEnd.Exited, ExitCode = 1, Output = "ActiveState=inactive\n" }));

    [Fact]
    public void The_program_gets_the_unit_as_a_name_and_never_as_an_option()
    {
        Assert.Equal(["start", "--no-ask-password", "--", "a@b.service"], SystemdUnit.Arguments("start", "a@b.service"));
        Assert.Equal(["show", "--property=ActiveState,TasksCurrent,ControlGroup,Job", "--", "a"], SystemdUnit.Arguments("monitor", "a"));
    }

    [Theory]
    [InlineData("nginx.service", true)]
    [InlineData("getty@tty1", true)]
    [InlineData("dev-disk-by\\x2dlabel.mount", true)]
    [InlineData("--help", false)]
    [InlineData("../x", false)]
    [InlineData("a*", false)]
    [InlineData("", false)]
    public void Only_the_name_of_a_unit_is_one(string unit, bool isUsable)
    {
        string text = $"""
            <cluster name="c" config_version="1"><clusternodes><clusternode name="n1" nodeid="1"/></clusternodes>
            <rm><service name="web"><systemd name="u" unit="{unit}"/></service></rm></cluster>
            """;
        ResourceNode tree = ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration!.FindService(new("service:web"))!.Tree;

        Assert.Equal(isUsable ? unit : null, tree.Children.IsEmpty ? null : AgentCall.For(tree.Children[0])?.Type);
    }

    private static ResourceRunState Judge(string properties) =>
        AgentMeaning.Judge(AgentClass.Systemd, new AgentResult { End = AgentEnd.Exited, ExitCode = 0, Output = properties });
}
