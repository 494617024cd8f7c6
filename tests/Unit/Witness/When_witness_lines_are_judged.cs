using Quorate.Cli.Demo.Witness;

namespace Quorate.Tests.Unit.Witness;

/// <summary>The judge of the end-to-end tests must see two owners where there are two, and none where there is one.</summary>
public sealed class When_witness_lines_are_judged
{
    [Fact]
    public void It_accepts_a_handover()
    {
        var violations = Judge("10 n1 start web", "20 n1 alive web", "30 n1 stop web", "40 n2 start web", "50 n2 alive web");

        Assert.Empty(violations);
    }

    [Fact]
    public void It_accepts_a_takeover_from_a_node_that_died_without_a_word()
    {
        var violations = Judge("10 n1 start web", "20 n1 alive web", "40 n2 start web", "50 n2 alive web", "60 n2 stop web", "70 n1 start web", "80 n1 alive web");

        Assert.Empty(violations);
    }

    [Fact]
    public void It_accepts_lines_of_the_same_instant()
    {
        var violations = Judge("10 n1 start web", "10 n1 alive web", "40 n1 stop web", "40 n2 start web", "40 n2 alive web");

        Assert.Empty(violations);
    }

    [Fact]
    public void It_keeps_services_apart()
    {
        var violations = Judge("10 n1 start web", "20 n2 start mail", "30 n1 alive web", "40 n2 alive mail");

        Assert.Empty(violations);
    }

    [Fact]
    public void It_finds_a_sign_of_life_after_the_start_of_another_owner()
    {
        var violations = Judge("10 n1 start web", "20 n2 start web", "30 n1 alive web");

        Assert.Contains("n2 had started at 20", Assert.Single(violations), StringComparison.Ordinal);
    }

    [Fact]
    public void It_finds_it_in_whatever_order_the_lines_come()
    {
        var violations = Judge("30 n1 alive web", "20 n2 start web", "10 n1 start web");

        Assert.Single(violations);
    }

    [Fact]
    public void It_finds_a_stop_after_the_start_of_another_owner()
    {
        var violations = Judge("10 n1 start web", "20 n2 start web", "30 n1 stop web");

        Assert.Single(violations);
    }

    [Fact]
    public void It_finds_a_refused_start()
    {
        var violations = Judge("10 n1 start web", "20 n2 refused web");

        Assert.Contains("lock", Assert.Single(violations), StringComparison.Ordinal);
    }

    [Fact]
    public void It_finds_a_sign_of_life_without_a_start()
    {
        var violations = Judge("10 n1 alive web");

        Assert.Contains("without ever having started", Assert.Single(violations), StringComparison.Ordinal);
    }

    [Fact]
    public void It_leaves_out_a_line_that_is_being_written()
    {
        var lines = WitnessLine.ReadAll("10 n1 start web\n20 n1 al");

        Assert.Equal([new WitnessLine(10, "n1", "start", "web")], lines);
    }

    [Fact]
    public void It_refuses_a_complete_line_that_is_not_the_agents()
    {
        Assert.Throws<FormatException>(() => WitnessLine.ReadAll("10 n1 start\n"));
    }

    private static IReadOnlyList<string> Judge(params string[] lines) =>
        Ownership.Violations(WitnessLine.ReadAll(string.Join('\n', lines) + "\n"));
}
