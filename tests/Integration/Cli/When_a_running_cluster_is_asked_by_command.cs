using System.Text.Json;
using Quorate.Contracts;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Cli;

/// <summary><c>quorate simulate</c>, <c>operations</c> and <c>history</c> against a scheduler, as a shell runs them.</summary>
public sealed class When_a_running_cluster_is_asked_by_command() : A_scheduler(null)
{
    [Fact]
    public async Task A_future_is_a_table_or_json_and_nothing_else()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="off" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);

        CommandEnd table = await RunAsync("simulate", "--down", "n1", "--enable", "off");
        CommandEnd json = await RunAsync("simulate", "--down", "n1,n2", "--json");

        Assert.Equal((0, ""), (table.Code, table.Error));
        Assert.StartsWith("quorate, votes 2 (needs 2)", table.Output, StringComparison.Ordinal);
        Assert.Contains("service:web  started on n1  move", table.Output, StringComparison.Ordinal);
        Assert.Contains("enable service:off: Success", table.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (json.Code, json.Error));
        using JsonDocument future = JsonDocument.Parse(json.Output);
        Assert.False(future.RootElement.GetProperty("isQuorate").GetBoolean());
        Assert.Equal(1, (await Cluster.GetAsync("web")).Epoch);
    }

    [Fact]
    public async Task A_configuration_is_tried_without_being_applied()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        string file = Path.Combine(Path.GetTempPath(), $"quorate-{Guid.NewGuid():N}.conf");
        await File.WriteAllTextAsync(file, Configurations.Text(2, """<service name="other" domain="stay"/>"""));
        try
        {
            CommandEnd end = await RunAsync("simulate", "--config", file);
            CommandEnd missing = await RunAsync("simulate", "--config", $"{file}.none");

            Assert.Equal((0, ""), (end.Code, end.Error));
            Assert.Contains("change: service:web is removed", end.Output, StringComparison.Ordinal);
            Assert.Contains("change: service:other is added", end.Output, StringComparison.Ordinal);
            Assert.Equal((1, ""), (missing.Code, missing.Output));
            Assert.Equal(1, (await Cluster.First.ConfigurationAsync()).Version);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Names_that_are_not_known_are_2_and_said()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");

        CommandEnd node = await RunAsync("simulate", "--down", "n9");
        CommandEnd service = await RunAsync("simulate", "--enable", "nothing");

        Assert.Equal((2, ""), (node.Code, node.Output));
        Assert.Contains("there is no node 'n9' in the configuration; it has n1, n2, n3", node.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (service.Code, service.Output));
        Assert.Contains("there is no service 'service:nothing'", service.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--running goes with CONF", "simulate", "--running", "web=n1")]
    [InlineData(2, "--enable asks a running cluster", "simulate", "some.conf", "--enable", "web")]
    [InlineData(2, "--config asks a running cluster", "simulate", "some.conf", "--config", "other.conf")]
    [InlineData(2, "an empty name", "simulate", "--down", "n1,,n2")]
    [InlineData(3, "no cluster to ask", "simulate", "--down", "n1")]
    [InlineData(3, "no cluster to ask", "operations")]
    [InlineData(2, "--last takes 1 to 1000", "operations", "--last", "0")]
    public async Task Options_that_do_not_go_together_are_2_and_nobody_to_ask_is_3(int code, string says, params string[] words)
    {
        CommandEnd end = await CommandProcess.RunAsync(words);

        Assert.Equal((code, ""), (end.Code, end.Output));
        Assert.Contains(says, end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_and_transitions_are_listed_page_by_page()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        foreach (string command in (string[])["freeze", "unfreeze", "relocate"])
        {
            Cluster.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Cluster.PostAsync("web", command, requestId: $"id of {command}", wait: 20);
        }

        CommandEnd all = await RunAsync("operations", "--service", "web");
        CommandEnd first = await RunAsync("operations", "--last", "2", "--json");
        using JsonDocument newest = JsonDocument.Parse(first.Output);
        CommandEnd second = await RunAsync("operations", "--before", newest.RootElement[1].GetProperty("operation").GetString() ?? "", "--json");
        using JsonDocument oldest = JsonDocument.Parse(second.Output);
        CommandEnd wrong = await RunAsync("operations", "--result", "splendid");
        CommandEnd history = await RunAsync("history", "web", "--last", "1");
        string before = history.Output.TrimEnd().Split(' ')[^1];
        CommandEnd older = await RunAsync("history", "web", "--before", before);

        Assert.Equal((0, ""), (all.Code, all.Error));
        Assert.Equal(3, all.Output.Split('\n').Count(line => line.Contains("service:web", StringComparison.Ordinal)));
        Assert.Equal(["id of relocate", "id of unfreeze"], newest.RootElement.EnumerateArray().Select(told => told.GetProperty("requestId").GetString()));
        Assert.Equal(["id of freeze"], oldest.RootElement.EnumerateArray().Select(told => told.GetProperty("requestId").GetString()));
        Assert.Equal((1, ""), (wrong.Code, wrong.Output));
        Assert.Contains("'splendid' is no result; it is one of success, fail", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("-> started", history.Output, StringComparison.Ordinal);
        Assert.Contains("-> starting", older.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(history.Output.Split('\n')[0], older.Output, StringComparison.Ordinal);
    }

    private Task<CommandEnd> RunAsync(params string[] words) => CommandProcess.RunAsync(Cluster.First.Http.BaseAddress, words);
}
