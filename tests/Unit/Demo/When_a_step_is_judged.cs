using Quorate.Cli.Demo.Script;

namespace Quorate.Tests.Unit.Demo;

/// <summary>The script counts a step only if the agents wrote it. Source: issue "The backbone", deliverable 7.</summary>
public sealed class When_a_step_is_judged
{
    [Fact]
    public void A_start_with_a_sign_of_life_is_seen()
    {
        Finding finding = Observation.Started(Files.With("5 n2 start web", "6 n2 alive web"), Files.Action(0, 3), "web", ["n2"]);

        Assert.True(finding.IsObserved);
        Assert.Equal("web started on n2, 2.0 s later", Assert.Single(finding.Seen));
    }

    [Fact]
    public void A_start_without_a_sign_of_life_is_not()
    {
        Finding finding = Observation.Started(Files.With("4 n2 alive web", "5 n2 start web", "6 n1 alive web"), Files.Beginning, "web", ["n2"]);

        Assert.Equal("web started on n2 but gave no sign of life there", Assert.Single(finding.Missing));
    }

    [Fact]
    public void A_start_elsewhere_is_not()
    {
        Finding finding = Observation.Started(Files.With("5 n3 start web", "6 n3 alive web"), Files.Beginning, "web", ["n1", "n2"]);

        Assert.Equal("web started on n3 instead of n1 or n2", Assert.Single(finding.Missing));
    }

    [Fact]
    public void A_start_before_the_action_is_not()
    {
        Finding finding = Observation.Started(Files.With("5 n2 start web", "6 n2 alive web"), Files.Action(1, 5), "web", ["n2"]);

        Assert.False(finding.IsObserved);
    }

    [Fact]
    public void A_start_that_was_stopped_again_is_not()
    {
        Finding finding = Observation.Started(Files.With("5 n2 start web", "6 n2 alive web", "7 n2 stop web"), Files.Beginning, "web", ["n2"]);

        Assert.Equal("web has not started on n2", Assert.Single(finding.Missing));
    }

    [Fact]
    public void The_start_of_another_resource_is_not()
    {
        Finding finding = Observation.Started(Files.With("5 n2 start mail", "6 n2 alive mail"), Files.Beginning, "web", ["n2"]);

        Assert.False(finding.IsObserved);
    }

    [Fact]
    public void A_move_is_a_stop_there_and_then_a_start_here()
    {
        Finding finding = Observation.Moved(
            Files.With("1 n1 start web", "5 n1 stop web", "6 n2 start web", "7 n2 alive web"), Files.Action(1, 4), "web", "n1", ["n2"]);

        Assert.True(finding.IsObserved);
    }

    [Theory]
    [InlineData("6 n2 start web", "7 n2 alive web")]
    [InlineData("5 n2 start web", "6 n1 stop web", "7 n2 alive web")]
    [InlineData("5 n3 stop web", "6 n2 start web", "7 n2 alive web")]
    [InlineData("5 n1 stop web")]
    public void A_move_without_the_stop_first_is_not_one(params string[] lines)
    {
        Finding finding = Observation.Moved(Files.With(lines), Files.Beginning, "web", "n1", ["n2"]);

        Assert.False(finding.IsObserved);
    }

    [Fact]
    public void A_service_that_stays_is_alive_later_and_nothing_happened_to_it()
    {
        Finding finding = Observation.Stayed(Files.With("1 n2 start mail", "9 n2 alive mail"), Files.Action(1, 4), "mail", "n2", Files.At(8));

        Assert.True(finding.IsObserved);
    }

    [Theory]
    [InlineData("7 n2 alive mail")]
    [InlineData("9 n1 alive mail")]
    [InlineData("5 n2 stop mail", "9 n2 alive mail")]
    public void A_service_that_moved_or_fell_silent_did_not_stay(params string[] lines)
    {
        Finding finding = Observation.Stayed(Files.With(lines), Files.Beginning, "mail", "n2", Files.At(8));

        Assert.False(finding.IsObserved);
    }

    [Fact]
    public void Nothing_stays_before_the_other_thing_happened()
    {
        Finding finding = Observation.Stayed(Files.With("9 n2 alive mail"), Files.Beginning, "mail", "n2", until: null);

        Assert.False(finding.IsObserved);
    }

    [Fact]
    public void A_dead_node_that_wrote_is_found()
    {
        Finding finding = Observation.Silent(Files.With("4 n1 alive web", "6 n1 alive web"), "n1", Files.At(5));

        Assert.Equal("n1 was dead, but web wrote 'alive' there 1.0 s later", Assert.Single(finding.Missing));
    }

    [Fact]
    public void A_dead_node_is_silent_whatever_others_write()
    {
        Assert.True(Observation.Silent(Files.With("4 n1 alive web", "6 n2 alive web"), "n1", Files.At(5)).IsObserved);
    }

    [Fact]
    public void A_clean_stop_is_written_where_each_resource_ran()
    {
        Finding finding = Observation.Stopped(
            Files.With("1 n1 start web", "5 n1 stop web", "1 n2 start mail"), Files.With("1 n1 start web", "1 n2 start mail"), ["web", "mail", "spare"]);

        Assert.Equal("web stopped on n1", Assert.Single(finding.Seen));
        Assert.Equal("mail has not stopped on n2", Assert.Single(finding.Missing));
    }

    [Fact]
    public void Two_owners_are_found()
    {
        Finding finding = Observation.NeverTwoOwners(Files.With("1 n1 start web", "5 n2 start web", "6 n1 alive web"));

        Assert.False(finding.IsObserved);
    }

    [Fact]
    public void Empty_files_prove_nothing()
    {
        Assert.False(Observation.NeverTwoOwners(Files.With()).IsObserved);
        Assert.False(Finding.All([]).IsObserved);
    }

    [Fact]
    public void The_script_ends_within_a_minute_and_no_step_may_use_it_up()
    {
        Assert.True(ScriptStep.AllTimeMax < TimeSpan.FromMinutes(1));
        Assert.All(ScriptStep.All, step => Assert.InRange(step.TimeMax, TimeSpan.FromSeconds(1), ScriptStep.AllTimeMax));
    }
}
