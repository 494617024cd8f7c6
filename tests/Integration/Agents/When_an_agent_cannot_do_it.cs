using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Agents;

/// <summary>Bad input gets a clear error: what is missing, where it was looked for, and the agent's own words.</summary>
public sealed class When_an_agent_cannot_do_it : IAsyncLifetime, IAsyncDisposable
{
    private readonly SecludedNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _node.DisposeAsync();

    [DebianAgentsFact]
    public async Task A_missing_device_fails_the_start_with_the_agents_reason()
    {
        string resources = $"""<fs name="data" device="/dev/quorate-is-not-there" mountpoint="{_node.MountPoint}" fstype="ext4"/>""";
        OperationEnded started = await _node.StartAsync(resources);
        OperationEnded stopped = await _node.Node.OrderAsync(NodeAction.Stop, 2, _node.Node.Configure(resources));

        Assert.Equal((OperationOutcome.Failed, "fs:data"), (started.Outcome, started.Resource));
        Assert.Contains("/dev/quorate-is-not-there", started.Detail, StringComparison.Ordinal);
        Assert.True(stopped is { Outcome: OperationOutcome.Succeeded, IsRunning: false }, stopped.Detail);
    }

    [DebianAgentsFact]
    public async Task An_unknown_agent_is_exit_code_5_and_says_where_it_was_looked_for()
    {
        OperationEnded started = await _node.StartAsync("""<ocf name="ghost" agent="heartbeat:NoSuchAgent"/>""");

        Assert.Equal((OperationOutcome.Failed, "ocf:ghost", 5), (started.Outcome, started.Resource, started.ExitCode));
        Assert.Contains("no agent ocf:heartbeat:NoSuchAgent here", started.Detail, StringComparison.Ordinal);
        Assert.Contains("/usr/lib/ocf/resource.d/heartbeat/NoSuchAgent", started.Detail, StringComparison.Ordinal);
    }

    [DebianAgentsFact]
    public async Task A_script_that_is_not_executable_is_exit_code_5_and_says_what_to_do()
    {
        string script = Path.Combine(_node.Node.Root, "plain");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nexit 0\n");

        OperationEnded started = await _node.StartAsync($"""<script name="plain" file="{script}"/>""");

        Assert.Equal((OperationOutcome.Failed, "script:plain", 5), (started.Outcome, started.Resource, started.ExitCode));
        Assert.Contains($"{script} is not executable: chmod +x it", started.Detail, StringComparison.Ordinal);
    }

    [DebianAgentsFact]
    public async Task An_address_of_no_network_here_fails_with_the_agents_reason()
    {
        OperationEnded started = await _node.StartAsync("""<ip address="192.0.2.7"/>""");

        Assert.Equal((OperationOutcome.Failed, "ip:192.0.2.7"), (started.Outcome, started.Resource));
        Assert.Matches("returned [0-9]+ .*: .+", started.Detail);
    }
}
