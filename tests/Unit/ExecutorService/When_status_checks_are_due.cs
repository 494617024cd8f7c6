using Quorate.Executor.Core.Status;
using Quorate.Model.Resources;
using Quorate.Tests.Unit.Model;

namespace Quorate.Tests.Unit.ExecutorService;

/// <summary>Source: rgmanager.md 2.7.</summary>
public sealed class When_status_checks_are_due
{
    private static readonly StatusCheck Shallow = new(0, "ip:a", 0, TimeSpan.FromSeconds(10));
    private static readonly StatusCheck Deep = new(0, "ip:a", 10, TimeSpan.FromSeconds(60));
    private static readonly StatusCheck Second = new(1, "fs:b", 0, TimeSpan.FromSeconds(10));

    [Fact]
    public void The_first_check_comes_one_interval_after_the_start()
    {
        StatusSchedule schedule = StatusSchedule.Begin([Shallow], startedAt: 5000);

        Assert.Empty(schedule.Due(14_999));
        Assert.Equal<StatusCheck>([Shallow], schedule.Due(15_000));
    }

    [Fact]
    public void Scenario_08_of_the_due_depths_the_deepest_runs()
    {
        StatusSchedule schedule = StatusSchedule.Begin([Shallow, Deep], startedAt: 0);

        Assert.Equal<StatusCheck>([Shallow], schedule.Due(59_000));
        Assert.Equal<StatusCheck>([Deep], schedule.Due(60_000));
    }

    [Fact]
    public void Only_the_timer_of_the_depth_that_ran_is_set_anew()
    {
        StatusSchedule schedule = StatusSchedule.Begin([Shallow, Deep], startedAt: 0).Ended(Deep, 60_500);

        Assert.Equal<StatusCheck>([Shallow], schedule.Due(60_500));
    }

    /// <summary>Source: rgmanager.md 2.6: an action that the metadata does not list is a success without a run.</summary>
    [Fact]
    public void Scenario_10_a_resource_whose_agent_lists_no_check_is_never_checked()
    {
        ResourceNode service = Conf.ReadRm("""<service name="s"><ip address="10.0.0.1"/></service>""").Configuration!.Services[0].Tree;
        ResourceNode ip = service.Children[0];
        ResourceNode mute = service with { Children = [ip with { Actions = [.. ip.Actions.Where(action => action.Name is not ("status" or "monitor"))] }] };

        Assert.Contains(StatusPlan.Of(service), row => row.Check.Resource == "ip:10.0.0.1");
        Assert.DoesNotContain(StatusPlan.Of(mute), row => row.Check.Resource == "ip:10.0.0.1");
    }

    [Fact]
    public void Resources_are_checked_in_start_order()
    {
        StatusSchedule schedule = StatusSchedule.Begin([Second, Deep, Shallow], startedAt: 0);

        Assert.Equal<StatusCheck>([Shallow, Second], schedule.Due(10_000));
    }

    [Fact]
    public void A_check_without_an_interval_is_never_due()
    {
        StatusSchedule schedule = StatusSchedule.Begin([Shallow with { Interval = TimeSpan.Zero }], startedAt: 0);

        Assert.Empty(schedule.Due(long.MaxValue / 2));
        Assert.Null(schedule.NextDue);
    }

    [Fact]
    public void The_timer_counts_from_the_end_of_the_check()
    {
        StatusSchedule schedule = StatusSchedule.Begin([Shallow], startedAt: 0).Ended(Shallow, 12_000);

        Assert.Equal(22_000, schedule.NextDue);
    }
}
