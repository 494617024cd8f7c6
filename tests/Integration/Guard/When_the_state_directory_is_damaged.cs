using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Guard;

/// <summary>A guard that cannot read what its predecessor wrote says so and serves nobody; and nothing runs on unwatched where it can be found.</summary>
[Trait("Rule", "S9")]
public sealed class When_the_state_directory_is_damaged : IAsyncLifetime
{
    private const int Unusable = 3;

    private readonly GuardedNode _node = new();
    private int _daemon;

    public async Task InitializeAsync()
    {
        GuardProcess guard = _node.Serve();
        await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        _daemon = await _node.StartDaemonAsync(guard.Client, 60_000);
        guard.Kill();
        await guard.DisposeAsync();
    }

    public async Task DisposeAsync() => await _node.RemoveAsync();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"service\":\"service:web\",\"ep")]
    public async Task A_journal_that_is_none_is_refused_and_what_it_was_of_is_killed(string content)
    {
        string journal = Assert.Single(Directory.GetFiles(Path.Combine(_node.StateDirectory, "journal")));
        await File.WriteAllTextAsync(journal, content);

        await using GuardProcess next = _node.Serve();
        int exitCode = await next.WaitForExitAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);

        Assert.Equal(Unusable, exitCode);
        Assert.False(GuardedNode.IsAlive(_daemon));
        await GuardedNode.UntilAsync(() => _node.Log.Any(line => line.Contains($"{journal} is unreadable", StringComparison.Ordinal)), "it says so");
    }

    [Fact]
    public async Task An_id_that_is_none_is_refused_as_what_runs_could_not_be_found_by_another()
    {
        string file = Path.Combine(_node.StateDirectory, "guard.id");
        string id = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, "");

        await using GuardProcess next = _node.Serve();
        int exitCode = await next.WaitForExitAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
        string left = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, id);

        Assert.Equal(Unusable, exitCode);
        Assert.Equal("", left);
        await GuardedNode.UntilAsync(() => _node.Log.Any(line => line.Contains($"{file} is unreadable", StringComparison.Ordinal)), "it says so");
    }
}
