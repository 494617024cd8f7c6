using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.V1;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Executor;

/// <summary>
/// Source: DESIGN rule S5. A real guard, parent of a real executor, gets SIGTERM; the test plays the arbiter over HTTP.
/// </summary>
[Trait("Rule", "S5")]
public sealed class When_the_guard_is_told_to_stop : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _root = Directory.CreateTempSubdirectory("quorate-leave-").FullName;
    private readonly ConcurrentQueue<NodeHeartbeat> _heartbeats = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _arbiter;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _arbiter = builder.Build();
        _arbiter.MapPost("/heartbeats", AnswerAsync);
        await _arbiter.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _arbiter!.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Its_executor_says_goodbye_last_and_both_end_well()
    {
        using Process guard = StartGuard();
        guard.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        guard.BeginErrorReadLine();
        await _beat.Task.WaitAsync(Patience);

        using (Process kill = Process.Start("kill", ["-TERM", $"{guard.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await guard.WaitForExitAsync().WaitAsync(Patience);

        NodeHeartbeat last = _heartbeats.Last();
        Assert.Equal(0, guard.ExitCode);
        Assert.True(last.Leaving, string.Join('\n', _log));
        Assert.Equal(_heartbeats.Max(heartbeat => heartbeat.Sequence), last.Sequence);
        Assert.Single(_heartbeats, heartbeat => heartbeat.Leaving);
        Assert.Contains(_log, line => line.Contains("has left", StringComparison.Ordinal));
    }

    private Process StartGuard()
    {
        string guard = GuardStart.BesideThisProgram() ?? throw new InvalidOperationException("quorate-guard is not built");
        ProcessStartInfo start = new(guard, ["--state", Path.Combine(_root, "guard"), "--node", "n1", "--agents", _root, "--stop-deadline", "5000", "--watchdog", "none",
            "--", Path.Combine(AppContext.BaseDirectory, "quorate-executor")])
        {
            RedirectStandardError = true,
        };
        start.Environment["Quorate__Node"] = "n1";
        start.Environment["Quorate__Bus"] = "memory";
        start.Environment["Quorate__QuorumUrls"] = _arbiter!.Urls.Single();
        start.Environment["Quorate__StateDirectory"] = Path.Combine(_root, "executor");
        return Process.Start(start) ?? throw new InvalidOperationException("the guard did not start");
    }

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        NodeHeartbeat heartbeat = await request.ReadFromJsonAsync<NodeHeartbeat>() ?? throw new InvalidOperationException("no heartbeat");
        _heartbeats.Enqueue(heartbeat);
        _beat.TrySetResult();
        return Results.Json(new HeartbeatAnswer
        {
            Node = heartbeat.Node,
            Incarnation = heartbeat.Incarnation,
            Sequence = heartbeat.Sequence,
            Verdict = HeartbeatVerdict.Granted,
            TtlMilliseconds = 10_000,
            Generation = 1,
            IsQuorate = true,
        });
    }
}
