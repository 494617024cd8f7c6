using System.Diagnostics;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;

namespace Quorate.Tests.Integration.Guard;

/// <summary>
/// Source: DESIGN rules S7 and S9; issue: a stopped or hung executor alone never ends in two owners. The executor here is two
/// <c>cat</c>s between the guard and files, so that it can be stopped and killed like any other.
/// </summary>
public sealed class When_the_executor_is_a_child : IAsyncLifetime
{
    private readonly GuardedNode _node = new();
    private Process? _guard;

    private string ReportsDirectory => Path.Combine(_node.Root, "reports");

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(ReportsDirectory);
        _node.Agent("executor", $"number=$(ls {ReportsDirectory} | wc -l)\ntail -n +1 -f {_node.Root}/requests.$number 2>/dev/null &\nexec cat > {ReportsDirectory}/$$");
        for (int executor = 0; executor < 8; executor++)
        {
            File.WriteAllText(Path.Combine(_node.Root, $"requests.{executor}"), "");
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _guard!.Kill();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        await _node.RemoveAsync();
    }

    [Theory]
    [Trait("Rule", "S7")]
    [InlineData("cgroup")]
    [InlineData("processes")]
    public async Task Stopped_it_loses_the_lease_and_the_guard_stops_all(string containment)
    {
        StartGuard(containment);
        (int executor, GuardReport.Hello first) = await HelloAsync(0);
        int daemon = await StartDaemonAsync(0, first.Incarnation, leaseMilliseconds: 3_000);
        using (Process stop = Process.Start("kill", ["-STOP", $"{executor}"]))
        {
            await stop.WaitForExitAsync();
        }

        (int second, GuardReport.Hello hello) = await HelloAsync(1);

        Assert.False(GuardedNode.IsAlive(daemon));
        Assert.False(GuardedNode.IsAlive(executor));
        Assert.NotEqual(executor, second);
        Assert.Equal(first.Incarnation, Assert.Single(hello.ProvenEnded));
        Assert.Equal(0, hello.Entries);
    }

    [Fact]
    public async Task Killed_it_is_started_again_with_the_same_incarnation_and_its_journal()
    {
        StartGuard("cgroup");
        (int executor, GuardReport.Hello first) = await HelloAsync(0);
        int daemon = await StartDaemonAsync(0, first.Incarnation, leaseMilliseconds: 60_000);
        using (Process kill = Process.Start("kill", ["-KILL", $"{executor}"]))
        {
            await kill.WaitForExitAsync();
        }

        (_, GuardReport.Hello hello) = await HelloAsync(1);

        Assert.Equal(first.Incarnation, hello.Incarnation);
        Assert.Equal(1, hello.Entries);
        Assert.True(hello.LeaseDeadlineMilliseconds > hello.BootTimeMilliseconds);
        Assert.True(GuardedNode.IsAlive(daemon));
    }

    private void StartGuard(string containment) => _guard = Process.Start(
        GuardedNode.GuardFile,
        ["--state", _node.StateDirectory, "--node", "n1", "--agents", _node.AgentDirectory, "--stop-deadline", "10000",
            "--watchdog", "none", "--containment", containment, "--", Path.Combine(_node.AgentDirectory, "executor")]);

    private async Task<(int Executor, GuardReport.Hello Hello)> HelloAsync(int number)
    {
        (int, GuardReport.Hello)? found = null;
        await GuardedNode.UntilAsync(() => (found = FindHello(number)) is not null, $"hello of executor {number}");
        return found ?? throw new InvalidOperationException();
    }

    private (int Executor, GuardReport.Hello Hello)? FindHello(int number)
    {
        // In the order of their beginnings: the kernel's process ids start over.
        FileInfo[] files = [.. new DirectoryInfo(ReportsDirectory).GetFiles().OrderBy(FirstGreeting)];
        return files.Length > number && Reports(files[number].FullName).OfType<GuardReport.Hello>().FirstOrDefault() is { } hello
            ? (int.Parse(files[number].Name, null), hello) : null;
    }

    private static long FirstGreeting(FileInfo file) =>
        Reports(file.FullName).OfType<GuardReport.Hello>().FirstOrDefault()?.BootTimeMilliseconds ?? long.MaxValue;

    private static List<GuardReport> Reports(string file) =>
        [.. File.ReadAllText(file).Split('\n')[..^1]
            .Select(line => GuardLine.ReadReport(System.Text.Encoding.UTF8.GetBytes(line), out _)).OfType<GuardReport>()];

    private async Task<int> StartDaemonAsync(int number, Incarnation incarnation, long leaseMilliseconds)
    {
        AgentInvocation start = _node.Run("daemon", "start");
        GuardRequest[] requests =
        [
            new GuardRequest.Lease { Incarnation = incarnation, DeadlineMilliseconds = GuardedNode.BootMilliseconds() + leaseMilliseconds },
            _node.Start(1) with { Id = 1, Incarnation = incarnation },
            new GuardRequest.Run { Id = 2, Incarnation = incarnation, Service = GuardedNode.Web, Invocation = start },
        ];
        await using (FileStream file = File.Open(Path.Combine(_node.Root, $"requests.{number}"), FileMode.Append))
        {
            foreach (GuardRequest request in requests)
            {
                await file.WriteAsync(GuardLine.Write(request));
            }
        }

        await GuardedNode.UntilAsync(
            () => Directory.GetFiles(ReportsDirectory).SelectMany(Reports).OfType<GuardReport.Ran>().Any(ran => ran is { Id: 2, Result.IsSuccess: true }),
            "the daemon runs");
        return _node.DaemonId();
    }
}
