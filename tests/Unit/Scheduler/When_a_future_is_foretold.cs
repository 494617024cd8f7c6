using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>Source: what would happen is found by the cores that do it; here the rules that a forecast has to keep.</summary>
public sealed class When_a_future_is_foretold
{
    [Fact]
    public void A_chain_of_services_that_need_each_other_moves_whole()
    {
        Cluster cluster = new Cluster("a", "b", "c").Domain("d", "a(1) b(2)", ordered: true, restricted: true)
            .Service("db", "d").Service("app", "d", depend: "db").Service("web", "d", depend: "app")
            .Running("db", "a").Running("app", "a").Running("web", "a").Node("a", NodeState.Fenced);

        ForecastOutcome outcome = Foretell(cluster, Cluster.Down("a"));

        Assert.True(outcome.IsSettled);
        Assert.Equal(["service:app Move b", "service:db Move b", "service:web Move b"], outcome.Services.Select(Text));
    }

    [Fact]
    public void What_is_frozen_held_disabled_or_without_a_legal_node_stays_down_and_says_why()
    {
        Cluster cluster = new Cluster("a", "b").Domain("one", "a", restricted: true)
            .Service("cold").Service("held").Service("off").Service("only", "one")
            .Running("cold", "a").With("cold", record => record with { IsFrozen = true }).Running("only", "a")
            .At("held", ServiceState.Failed).With("held", record => record with { Hold = new Hold(new("b"), Cluster.Life("b")) })
            .At("off", ServiceState.Disabled).Node("a", NodeState.Fenced);

        ForecastOutcome outcome = Foretell(cluster, Cluster.Down("a"));

        Assert.Equal(["service:cold Stop ", "service:held None ", "service:off None ", "service:only Stop "], outcome.Services.Select(Text));
        Assert.Equal(
            ["frozen by an operator", "it has failed; only disable leaves that state", "it is disabled", "restricted domain unavailable: no node that may run it is online"],
            outcome.Services.Select(service => service.Reason));
    }

    [Fact, Trait("Rule", "S8")]
    public void What_runs_on_a_node_that_is_lost_and_not_fenced_waits()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("w").Running("w", "a").Node("a", NodeState.Lost);

        ServiceForecast forecast = Assert.Single(Foretell(cluster, Cluster.Down("a")).Services);

        Assert.Equal((ForecastAction.Wait, "its owner a is lost and not fenced yet"), (forecast.Action, forecast.Reason));
    }

    [Fact]
    public void What_leaves_a_drained_node_migrates_where_it_can()
    {
        Cluster cluster = new Cluster("a", "b").Service("vm:g").Migratory("vm:g").Service("w").Running("vm:g", "a").Running("w", "a");
        cluster.Drained.Add("a");

        ForecastOutcome outcome = Foretell(cluster, Cluster.Down("a"));

        Assert.Equal(["service:w Move b", "vm:g Migrate b"], outcome.Services.Select(Text));
    }

    [Fact]
    public void While_the_cluster_is_locked_or_in_maintenance_nothing_is_recovered()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("w").Running("w", "a").Node("a", NodeState.Fenced);

        cluster.IsLocked = true;
        ServiceForecast locked = Assert.Single(Foretell(cluster, Cluster.Down("a")).Services);
        (cluster.IsLocked, cluster.IsMaintenance) = (false, true);
        ServiceForecast maintenance = Assert.Single(Foretell(cluster, Cluster.Down("a")).Services);

        Assert.Equal((ForecastAction.Stop, "the cluster is locked by an operator"), (locked.Action, locked.Reason));
        Assert.Equal((ForecastAction.Stop, "the cluster is in maintenance"), (maintenance.Action, maintenance.Reason));
    }

    [Fact]
    public void Without_quorum_what_runs_stops_and_nothing_starts()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("w").Service("off").Running("w", "a").At("off", ServiceState.Disabled).Node("b", NodeState.Fenced);
        cluster.IsQuorate = false;

        ForecastOutcome outcome = Foretell(cluster, Cluster.Down("b"), (CommandKind.Enable, new("service:off")));

        Assert.Equal(["service:off None ", "service:w Stop "], outcome.Services.Select(Text));
        Assert.Equal((ResultCode.Quorum, true), (Assert.Single(outcome.Answers).Result, outcome.Answers[0].IsRefused));
    }

    [Fact]
    public void An_order_comes_after_all_has_come_to_rest_and_is_answered()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("w").Service("off").Running("w", "a").At("off", ServiceState.Disabled).Node("a", NodeState.Fenced);

        ForecastOutcome outcome = Foretell(cluster, Cluster.Down("a"), (CommandKind.Enable, new("service:off")), (CommandKind.Disable, new("service:w")));

        Assert.Equal(["service:off Start c", "service:w Stop "], outcome.Services.Select(Text));
        Assert.Equal([ResultCode.Success, ResultCode.Success], outcome.Answers.Select(answer => answer.Result));
    }

    [Fact]
    public void A_parked_service_is_left_alone_and_counts_where_it_stands()
    {
        Cluster cluster = new Cluster("a", "b").Service("x", exclusive: 1).Service("w").Service("aside").Running("x", "b").Running("w", "a").Running("aside", "a").Park("x").Park("aside").Node("a", NodeState.Fenced);

        ForecastOutcome outcome = Foretell(cluster, Cluster.Down("a"));

        Assert.Equal(["service:aside Stop ", "service:w Stop ", "service:x Stay b"], outcome.Services.Select(Text));
        Assert.Contains("runs an exclusive service", outcome.Services[1].Reason, StringComparison.Ordinal);
    }

    /// <summary>Nothing of the inquiry is touched: whoever asks twice hears the same.</summary>
    [Fact]
    public void The_same_question_has_the_same_answer()
    {
        Cluster cluster = new Cluster("a", "b", "c").Service("v").Service("w").Running("v", "a").Running("w", "b").Node("a", NodeState.Fenced);
        List<ServiceRecord> before = [.. cluster.Placement.Services];

        IEnumerable<string> first = Foretell(cluster, Cluster.Down("a")).Services.Select(Text);

        Assert.Equal(first, Foretell(cluster, Cluster.Down("a")).Services.Select(Text));
        Assert.Equal(before, cluster.Placement.Services.ToList());
    }

    private static string Text(ServiceForecast forecast) => $"{forecast.Before.Name} {forecast.Action} {forecast.Node}";

    private static ForecastOutcome Foretell(Cluster cluster, PlacementEvent cause, params (CommandKind, ServiceName)[] commands) => Forecast.Of(new ForecastInquiry
    {
        Situation = cluster.Placement,
        Causes = [cause],
        ChangeOf = static _ => null,
        Commands = [.. commands],
    });
}
