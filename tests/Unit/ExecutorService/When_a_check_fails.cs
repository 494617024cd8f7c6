using Quorate.Executor.Core.Status;
using Quorate.Model.Resources;
using Quorate.Model.Configuration;
using Quorate.Tests.Unit.Model;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: rgmanager.md 1.6, 2.7 and 2.8.</summary>
public sealed class When_a_check_fails
{
    private const long Second = 1000;

    [Fact]
    public void Of_an_ordinary_resource_the_whole_service_has_failed() => Assert.IsType<InlineStep.Fail>(Of("").Failed(1, 0).Step);

    /// <summary>What its own recover gives is how the check ended: 0 and nothing is recovered.</summary>
    [Fact]
    public void Scenario_09_a_resource_with_a_recover_action_is_recovered_by_that()
    {
        ResourceNode tree = Tree("""<nfsserver name="x" path="/x" nfspath="/x"/>""");
        InlineRecovery recovery = InlineRecovery.Of(tree);

        InlineStep.Recover recover = Assert.IsType<InlineStep.Recover>(recovery.Failed(1, 0).Step);

        Assert.Equal("nfsserver:x", recover.Resource.Label);
        Assert.IsType<InlineStep.Fail>(recovery.FailedAfterRecover(1, 0).Step);
    }

    [Fact]
    public void Scenario_12_an_independent_subtree_alone_is_restarted_however_often()
    {
        InlineRecovery recovery = Of("""__independent_subtree="1" """);
        for (int failure = 0; failure < 10; failure++)
        {
            (InlineStep step, recovery) = recovery.Failed(1, failure);

            Assert.Equal("script:x", Assert.IsType<InlineStep.Restart>(step).Subtree.Label);
        }

        Assert.False(recovery.IsPartial);
    }

    [Fact]
    public void A_failure_below_an_independent_resource_restarts_that_with_all_below_it()
    {
        ResourceNode tree = Tree("""<script name="outer" file="/o" __independent_subtree="1"><script name="inner" file="/i"/></script><script name="other" file="/p"/>""");

        Assert.Equal("script:outer", Assert.IsType<InlineStep.Restart>(InlineRecovery.Of(tree).Failed(StepOf(tree, "script:inner"), 0).Step).Subtree.Label);
        Assert.IsType<InlineStep.Fail>(InlineRecovery.Of(tree).Failed(StepOf(tree, "script:other"), 0).Step);
    }

    [Fact]
    public void The_nearest_independent_resource_counts()
    {
        ResourceNode tree = Tree("""<script name="outer" file="/o" __independent_subtree="1"><script name="inner" file="/i" __independent_subtree="1"/></script>""");

        Assert.Equal("script:inner", Assert.IsType<InlineStep.Restart>(InlineRecovery.Of(tree).Failed(StepOf(tree, "script:inner"), 0).Step).Subtree.Label);
    }

    [Fact]
    public void Scenario_13_the_third_failure_within_the_time_is_one_of_the_whole_service()
    {
        InlineRecovery recovery = Of("""__independent_subtree="1" __max_restarts="2" __restart_expire_time="60" """);
        (InlineStep first, recovery) = recovery.Failed(1, 0);
        (InlineStep second, recovery) = recovery.Failed(1, 59 * Second);
        (InlineStep third, InlineRecovery cleared) = recovery.Failed(1, 59 * Second);

        Assert.Equal([1, 2], new[] { first, second }.Cast<InlineStep.Restart>().Select(restart => restart.Count));
        Assert.IsType<InlineStep.Fail>(third);
        Assert.Equal(1, Assert.IsType<InlineStep.Restart>(cleared.Failed(1, 59 * Second).Step).Count);
        // The first is over by now.
        Assert.Equal(2, Assert.IsType<InlineStep.Restart>(recovery.Failed(1, 60 * Second).Step).Count);
    }

    /// <summary>The node's half; the scheduler's is in When_a_service_is_partial.</summary>
    [Fact]
    public void Scenario_14_a_non_critical_subtree_is_left_stopped_until_the_service_convalesces()
    {
        InlineRecovery recovery = Of("""__independent_subtree="2" """);

        (InlineStep step, recovery) = recovery.Failed(1, 0);

        Assert.Equal("script:x", Assert.IsType<InlineStep.Quiesce>(step).Subtree.Label);
        Assert.Equal((true, true, false), (recovery.IsPartial, recovery.IsQuiesced(1), recovery.IsQuiesced(0)));
        (ResourceNode subtree, InlineRecovery whole) = Assert.Single(recovery.Convalesce());
        Assert.Equal("script:x", subtree.Label);
        Assert.False(whole.IsPartial);
    }

    [Fact]
    public void A_non_critical_subtree_with_restarts_is_restarted_first()
    {
        InlineRecovery recovery = Of("""__independent_subtree="2" __max_restarts="1" __restart_expire_time="60" """);
        (InlineStep first, recovery) = recovery.Failed(1, 0);
        (InlineStep second, recovery) = recovery.Failed(1, Second);

        Assert.IsType<InlineStep.Restart>(first);
        Assert.IsType<InlineStep.Quiesce>(second);
        Assert.True(recovery.IsPartial);
    }

    [Fact]
    public void Scenario_16_so_many_failures_are_masked_and_the_next_is_one()
    {
        InlineRecovery recovery = Of("""__max_failures="2" __failure_expire_time="60" """);
        (InlineStep first, recovery) = recovery.Failed(1, 0);
        (InlineStep second, recovery) = recovery.Failed(1, 30 * Second);
        InlineStep third = recovery.Failed(1, 59 * Second).Step;
        InlineStep later = recovery.Failed(1, 60 * Second).Step;

        Assert.Equal([new InlineStep.Tolerate(1, 2), new InlineStep.Tolerate(2, 2)], new[] { first, second });
        Assert.IsType<InlineStep.Fail>(third);
        Assert.Equal(new InlineStep.Tolerate(2, 2), later);
    }

    private static InlineRecovery Of(string attributes) => InlineRecovery.Of(Tree($"""<script name="x" file="/x" {attributes}/>"""));

    private static ResourceNode Tree(string resources) => Conf.ReadRm($"""<service name="s">{resources}</service>""").Configuration!.Services[0].Tree;

    private static int StepOf(ResourceNode tree, string label) => ResourceOrder.Start(tree).ToList().FindIndex(node => node.Label == label);
}
