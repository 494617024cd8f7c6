using System.Text.RegularExpressions;
using Quorate.Cli.Demo;
using Quorate.Cli.Demo.Live;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.Demo;

/// <summary>Source: issue "The backbone", deliverable 7: a live table, in whatever terminal the user has.</summary>
public sealed partial class When_the_cluster_is_drawn
{
    private static readonly string[] Services = ["batch", "files", "mail", "shop", "spare", "web"];

    private static readonly DemoEvent[] Events =
        [.. Enumerable.Range(1, 50).Select(number => new DemoEvent(DateTimeOffset.UnixEpoch, $"event {number} happened, and this is why it did"))];

    [Theory]
    [InlineData(80, 24)]
    [InlineData(100, 30)]
    [InlineData(200, 60)]
    public void All_nodes_services_keys_and_the_newest_events_fit(int width, int height)
    {
        IReadOnlyList<string> lines = Draw(width, height);

        string picture = string.Join('\n', lines);
        Assert.All(["n1", "n2", "n3", .. Services, "event 50 ", "q quit", "QUORATE_API"], word => Assert.Contains(word, picture, StringComparison.Ordinal));
        Assert.InRange(lines.Count, 1, height);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(60, 20)]
    [InlineData(40, 15)]
    [InlineData(10, 5)]
    [InlineData(1, 1)]
    public void A_small_terminal_is_never_overrun_and_keeps_the_first_lines(int width, int height)
    {
        IReadOnlyList<string> lines = Draw(width, height);

        Assert.InRange(lines.Count, 1, height);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, Math.Max(1, width - 1)));
        Assert.StartsWith("Cluster demo"[..Math.Min(Math.Max(1, width - 1), 7)], lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_reason_is_shortened_and_takes_one_line()
    {
        IReadOnlyList<string> lines = Draw(80, 24);

        Assert.Single(lines, line => line.Contains("a reason", StringComparison.Ordinal) && line.Contains("web", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("its end", StringComparison.Ordinal));
    }

    [Fact]
    public void More_room_shows_more_events()
    {
        Assert.True(Draw(80, 40).Count(line => line.Contains("event", StringComparison.Ordinal))
            > Draw(80, 24).Count(line => line.Contains("event", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Draw(int width, int height)
    {
        ClusterView cluster = new()
        {
            Name = "demo",
            IsQuorate = true,
            Generation = 2,
            Votes = 3,
            VotesNeeded = 2,
            ConfigurationVersion = 1,
            ConfigurationDigest = "",
            Nodes = [.. new[] { "n1", "n2", "n3" }.Select(Node)],
            Services = [.. Services.Select(Service)],
        };
        return
        [
            .. Screen.Draw(
                cluster,
                [.. cluster.Nodes.Select(node => (node.Name, true))],
                Events,
                Keyboard.Initial,
                "The guards hold each service's processes together in a control group. From another terminal: QUORATE_API=http://127.0.0.1:40195 ./quorate status",
                width,
                height).Select(line => Control().Replace(line, "")),
        ];
    }

    private static NodeView Node(string name) => new()
    {
        Name = new NodeName(name),
        Id = name[1] - '0',
        State = NodeState.Online,
        Votes = 1,
        Since = DateTimeOffset.UnixEpoch,
    };

    private static ServiceView Service(string name) => new()
    {
        Name = new ServiceName($"service:{name}"),
        State = ServiceState.Started,
        Owner = new NodeName("n1"),
        Epoch = 1,
        Flags = [],
        Restarts = 0,
        Since = DateTimeOffset.UnixEpoch,
        Reason = $"a reason for {name} that is far too long for one line of a common terminal, up to its end",
    };

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Control();
}
