namespace Quorate.Tests.EndToEnd.Labs;

/// <summary>Source: issue "The backbone", deliverable 9. What makes no sense is refused before anything is started, and says what does.</summary>
public sealed class When_a_lab_cannot_be
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("--ttl takes milliseconds, 200", "up", "--ttl", "199")]
    [InlineData("--ttl takes milliseconds, 200", "up", "--ttl", "-5")]
    [InlineData("--nodes takes 1 to 64", "up", "--nodes", "0")]
    [InlineData("--nodes takes 1 to 64", "up", "--nodes", "65")]
    [InlineData("no file that can be read", "up", "--config", "/")]
    [InlineData("--nodes does not go with --config", "up", "--config", "x", "--nodes", "3")]
    [InlineData("there is no verb 'jump'", "jump")]
    [InlineData("there is no option --quiet", "status", "--quiet")]
    [InlineData("--keep goes with --fence", "up", "--keep")]
    public async Task It_is_refused_as_bad_usage(string said, params string[] arguments)
    {
        string directory = Path.Combine(Path.GetTempPath(), $"quorate-no-lab-{Guid.NewGuid():N}");

        ProcessRun run = await Lab.RunScriptAsync(Bound, [.. arguments, "--dir", directory]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData("status", 1, "start one with: ./lab up --dir")]
    [InlineData("kill", 1, "start one with: ./lab up --dir")]
    [InlineData("down", 0, "Nothing runs in")]
    public async Task Without_a_lab_a_verb_says_so(string verb, int code, string said)
    {
        string directory = Path.Combine(Path.GetTempPath(), $"quorate-no-lab-{Guid.NewGuid():N}");

        ProcessRun run = await Lab.RunScriptAsync(Bound, [verb, "--dir", directory]);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    /// <summary>A lab of one node once had the path of the script as a node of a domain.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Its_own_configuration_names_no_other_nodes(int count)
    {
        string[] nodes = [.. Enumerable.Range(1, count).Select(number => $"n{number}")];

        ProcessRun run = (await Lab.WriteConfigurationAsync(Bound, nodes)).MustSucceed();

        var named = System.Xml.Linq.XDocument.Parse(run.Output).Descendants("failoverdomainnode").Select(node => node.Attribute("name")!.Value);
        Assert.Equal(nodes, named.Distinct().Order(StringComparer.Ordinal));
    }
}
