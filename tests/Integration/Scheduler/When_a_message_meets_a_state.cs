using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Hosting.Crashing;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Every message in every state is decided or ignored by name: a machine that does not know one would fault. Source: STYLE 6.</summary>
public sealed class When_a_message_meets_a_state : IAsyncLifetime
{
    private static readonly string[] Events = ["enable", "disable", "stop", "hold", "restart", "relocate", "migrate", "freeze", "unfreeze", "convalesce", "confirm", "unpark", "ended", "status"];
    private const int Reports = 2;
    private static readonly ServiceState[] States = Enum.GetValues<ServiceState>();

    private readonly RecordingCrashPoint _points = new();
    private SchedulerCluster _cluster = null!; // set by InitializeAsync before any test

    /// <summary>The resource manager is off, so that nothing but the messages moves a row.</summary>
    public async Task InitializeAsync()
    {
        IEnumerable<string> services = States.SelectMany(state => Events.Select(name => $"""<service name="{state}-{name}"/>"""));
        _cluster = await SchedulerCluster.StartAsync(
            null, $"""<rm disabled="1">{string.Join("\n", services)}</rm>""", change: container => container.AddSingleton<ICrashPoint>(_points));
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public void There_are_ten_states() => Assert.Equal(10, States.Length);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_decided_or_ignored_and_never_a_fault(bool isQuorate)
    {
        if (isQuorate)
        {
            await _cluster.FormAsync(executor => executor.Answer = _ => null);
            await Eventually.HoldsAsync("the membership is evaluated", async () =>
                await _cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_membership WHERE id = 2") == 1);
        }
        await PrepareRowsAsync();

        foreach (ServiceState state in States)
        {
            foreach (string name in Events)
            {
                await SendAsync(name, state);
            }
        }

        int commands = States.Length * (Events.Length - Reports);
        await Eventually.HoldsAsync("every message is acknowledged", () => _points.Passed.Count(IsHandled) == States.Length * Events.Length);
        if (!isQuorate)
        {
            await Eventually.HoldsAsync("every command is refused", () => _cluster.Answers.Count == commands);
            Assert.All(
                _cluster.Answers, answer => Assert.Equal(answer.RequestId.EndsWith("-unpark", StringComparison.Ordinal) ? ResultCode.Success : ResultCode.Quorum, answer.Result));
        }
        Assert.Empty(_cluster.Faults);
        Assert.Equal(commands, await _cluster.ScalarAsync<int>("SELECT COUNT(*) FROM scheduler_operation WHERE state <> 'accepted'"));
    }

    private static bool IsHandled(string point) =>
        point.StartsWith("acknowledged ", StringComparison.Ordinal)
        && (point.EndsWith("Service", StringComparison.Ordinal) || point.EndsWith("ServiceStopped", StringComparison.Ordinal) || point.EndsWith("OperationEnded", StringComparison.Ordinal)
            || point.EndsWith("ServiceStatusFailed", StringComparison.Ordinal))
        && !point.EndsWith("OperateService", StringComparison.Ordinal);

    private static string NameOf(ServiceState state, string name) => $"service:{state}-{name}";

    private async Task PrepareRowsAsync()
    {
        foreach (ServiceState state in States)
        {
            bool isOwned = state is ServiceState.Starting or ServiceState.Started or ServiceState.Stopping or ServiceState.Recoverable or ServiceState.Migrating;
            foreach (string service in Events.Select(name => NameOf(state, name)))
            {
                string text = state.ToString().ToLowerInvariant();
                await _cluster.ExecuteAsync(
                    "UPDATE scheduler_service SET document = @document, state = @text, version = version + 1 WHERE name = @service",
                    new { text, service, document = isOwned ? Documents.Owned(service, text, "n1", "a1") : Documents.Of(service, text) });
            }
        }
    }

    private Task SendAsync(string name, ServiceState state)
    {
        ServiceName service = new(NameOf(state, name));
        string requestId = service.Value;
        return name switch
        {
            "enable" => PublishAsync(new EnableService { RequestId = requestId, Service = service }),
            "disable" => PublishAsync(new DisableService { RequestId = requestId, Service = service }),
            "stop" => PublishAsync(new StopService { RequestId = requestId, Service = service }),
            "hold" => PublishAsync(new StopService { RequestId = requestId, Service = service, Hold = true }),
            "migrate" => PublishAsync(new MigrateService { RequestId = requestId, Service = service, Node = new("n2") }),
            "restart" => PublishAsync(new RestartService { RequestId = requestId, Service = service }),
            "relocate" => PublishAsync(new RelocateService { RequestId = requestId, Service = service }),
            "freeze" => PublishAsync(new FreezeService { RequestId = requestId, Service = service }),
            "unfreeze" => PublishAsync(new UnfreezeService { RequestId = requestId, Service = service }),
            "convalesce" => PublishAsync(new ConvalesceService { RequestId = requestId, Service = service }),
            "confirm" => PublishAsync(new ConfirmServiceStopped { RequestId = requestId, Service = service }),
            "unpark" => PublishAsync(new UnparkService { RequestId = requestId, Service = service }),
            "ended" => PublishAsync(new OperationEnded
            {
                Service = service,
                Epoch = 1,
                Attempt = 1,
                Action = NodeAction.Start,
                Node = new("n1"),
                Incarnation = new("a1"),
                Outcome = OperationOutcome.Succeeded,
            }),
            _ => PublishAsync(new ServiceStatusFailed
            {
                Service = service,
                Epoch = 1,
                Node = new("n1"),
                Incarnation = new("a1"),
                Resource = "script:daemon",
            }),
        };
    }

    private async Task PublishAsync<T>(T message) where T : class => Assert.True(await _cluster.First.Bus.TryPublishAsync(message));
}
