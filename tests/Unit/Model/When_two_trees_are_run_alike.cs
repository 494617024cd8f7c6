using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>A tree takes the place of another without that anything stops or starts. Source: rgmanager.md 2.9; what is no difference there.</summary>
public sealed class When_two_trees_are_run_alike
{
    private const string Service = """<service name="s" max_restarts="1"><fs name="d" mountpoint="/mnt/d" device="/dev/sda"><script name="x" file="/x"/></fs><ip address="10.0.0.1"/></service>""";

    [Fact]
    public void The_same_text_on_other_lines_is_run_alike()
    {
        Assert.True(TreeLikeness.AreAlike(Tree(Service), Tree(Service)));
        Assert.True(TreeLikeness.AreAlike(Tree(Service), Tree("\n\n" + Service)));
        Assert.True(TreeLikeness.AreAlike(Tree(Service), Tree(Service.Replace("<script name=\"x\" file=\"/x\"/>", "<script file=\"/x\" name=\"x\"/>", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("""file="/x"/>""", """file="/y"/>""")]
    [InlineData("""file="/x"/>""", """file="/x"><action name="status" depth="*" interval="7"/></script>""")]
    [InlineData("""file="/x"/>""", """file="/x" __enforce_timeouts="1"/>""")]
    [InlineData("""file="/x"/>""", """file="/x" __independent_subtree="1"/>""")]
    [InlineData("""file="/x"/>""", """file="/x" __independent_subtree="2"/>""")]
    [InlineData("""file="/x"/>""", """file="/x" __independent_subtree="1" __max_restarts="2" __restart_expire_time="60"/>""")]
    [InlineData("""file="/x"/>""", """file="/x" __max_failures="2" __failure_expire_time="60"/>""")]
    [InlineData("""file="/x"/>""", """file="/x"/><script name="y" file="/y"/>""")]
    [InlineData("""<script name="x" file="/x"/>""", "")]
    [InlineData("""name="x" """, """name="z" """)]
    [InlineData("""max_restarts="1" """, """max_restarts="2" """)]
    public void Whatever_an_agent_or_a_check_would_notice_is_a_difference(string before, string after)
    {
        string other = Service.Replace(before.TrimEnd(), after.TrimEnd(), StringComparison.Ordinal);
        Assert.NotEqual(Service, other);

        Assert.False(TreeLikeness.AreAlike(Tree(Service), Tree(other)));
        Assert.False(TreeLikeness.AreAlike(Tree(other), Tree(Service)));
    }

    private static ResourceNode Tree(string rm) => Conf.ReadRm(rm).Tree("s");
}
