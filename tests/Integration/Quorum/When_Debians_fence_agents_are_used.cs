using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Fencing;
using Quorate.Quorum.Core.Fencing;
using Quorate.Quorum.Service.Fencing;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>Source: DESIGN 3, S6: the real agents of the package fence-agents, driven as every other one is.</summary>
[Trait("Rule", "S6")]
public sealed class When_Debians_fence_agents_are_used : IDisposable
{
    private static readonly FenceAgents Agents = new(new FenceAgentSettings(["/usr/sbin"], TimeSpan.FromSeconds(30)));
    private static readonly NodeName Node = new("n3");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fence-");

    [DebianFenceAgentsFact]
    public async Task Fence_dummy_is_on_then_off_then_on_again()
    {
        FenceDevice device = new(
            "dummy", "fence_dummy", false, ImmutableSortedDictionary<string, string>.Empty.Add("type", "file").Add("status_file", Path.Combine(_directory.FullName, "status")));

        List<FenceOutcome> outcomes = [];
        foreach (FenceAction action in (FenceAction[])[FenceAction.On, FenceAction.Status, FenceAction.Off, FenceAction.Status, FenceAction.On, FenceAction.Status])
        {
            outcomes.Add((await Agents.RunAsync(Node, device, action, CancellationToken.None)).Outcome);
        }

        Assert.Equal([FenceOutcome.Done, FenceOutcome.IsOn, FenceOutcome.Done, FenceOutcome.IsOff, FenceOutcome.Done, FenceOutcome.IsOn], outcomes);
    }

    /// <summary>An agent that lacks what it needs says so, and that is a failure with its reason.</summary>
    [DebianFenceAgentsFact]
    public async Task Fence_ipmilan_without_an_address_fails_and_says_why()
    {
        FenceDevice device = new("bmc", "fence_ipmilan", false, ImmutableSortedDictionary<string, string>.Empty);

        (FenceOutcome outcome, string detail) = await Agents.RunAsync(Node, device, FenceAction.Off, CancellationToken.None);

        Assert.Equal(FenceOutcome.Failed, outcome);
        Assert.Contains("exit status", detail, StringComparison.Ordinal);
        Assert.Contains("addr", detail, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
