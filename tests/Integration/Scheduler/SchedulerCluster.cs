using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Telemetry.Tracing;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Support;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>A scheduler (or several) with nodes n1 to n3 played by the test, a membership that it publishes, and time by hand.</summary>
internal sealed class SchedulerCluster : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly EnginesUnderTest _engines;
    private readonly List<SchedulerReplica> _replicas = [];
    private readonly Dictionary<string, MemberNode> _nodes = [];
    private readonly List<ExecutorDouble> _executors = [];
    private readonly ConcurrentQueue<CommandAnswered> _answers = new();
    private readonly ConcurrentQueue<MessageRaised> _raised = new();
    private readonly ConcurrentQueue<AcknowledgeFence> _acknowledged = new();
    private readonly ConcurrentQueue<FenceNode> _fenced = new();
    private readonly ConcurrentQueue<ServiceTransitioned> _transitions = new();

    private SchedulerCluster(EnginesUnderTest engines, ManualTimeProvider time, QuorumDouble quorum)
    {
        Quorum = quorum;
        _engines = engines;
        Time = time;
    }

    public ManualTimeProvider Time { get; }

    public long Generation { get; private set; }

    private QuorumDouble Quorum { get; }

    public IReadOnlyList<SchedulerReplica> Replicas => _replicas;

    public SchedulerReplica First => _replicas[0];

    public EnginesUnderTest Engines => _engines;

    public IReadOnlyList<CommandAnswered> Answers => [.. _answers];

    public IReadOnlyList<MessageRaised> Raised => [.. _raised];

    public IReadOnlyList<AcknowledgeFence> Acknowledged => [.. _acknowledged];

    /// <summary>The orders to cut a node off, in the order they were published.</summary>
    public IReadOnlyList<FenceNode> Fenced => [.. _fenced];

    public IReadOnlyList<ServiceTransitioned> Transitions => [.. _transitions];

    public IReadOnlyList<string> Faults => [.. _replicas.SelectMany(replica => replica.Faults.Faults)];

    /// <param name="servers">The real servers; null for memory.</param>
    /// <param name="services">What stands in <c>rm</c>.</param>
    /// <param name="replicas">How many schedulers.</param>
    /// <param name="change">Further services of each replica's container.</param>
    /// <param name="prepare">What is done to the engines before the first of them starts.</param>
    /// <param name="quorum">The quorum they hear; null for one that finds nothing wrong.</param>
    public static async Task<SchedulerCluster> StartAsync(
        RealEngines? servers, string services, int replicas = 1, Action<IServiceCollection>? change = null,
        Func<EnginesUnderTest, Task>? prepare = null, QuorumDouble? quorum = null)
    {
        ManualTimeProvider time = new();
        SchedulerCluster cluster = new(await EnginesUnderTest.StartAsync(servers, Configuration(services), time), time, quorum ?? new QuorumDouble());
        await (prepare?.Invoke(cluster.Engines) ?? Task.CompletedTask);
        for (int index = 0; index < replicas; index++)
        {
            await cluster.AddReplicaAsync(change);
        }
        await cluster.First.Endpoints.ConnectAsync($"watch.{Guid.NewGuid():N}", endpoint => endpoint.Temporary().Bounds(1, 1)
            .On<CommandAnswered>((answer, _, _) => Add(cluster._answers, answer))
            .On<MessageRaised>((message, _, _) => Add(cluster._raised, message))
            .On<AcknowledgeFence>((command, _, _) => Add(cluster._acknowledged, command))
            .On<FenceNode>((command, _, _) => Add(cluster._fenced, command))
            .On<ServiceTransitioned>((transition, _, _) => Add(cluster._transitions, transition)));
        return cluster;
    }

    public static string Configuration(string services) => $"""
        <cluster name="test" config_version="1">
          <clusternodes>
            <clusternode name="n1" nodeid="1" votes="1"><fence><method name="1"><device name="pdu"/></method></fence></clusternode>
            <clusternode name="n2" nodeid="2" votes="1"/><clusternode name="n3" nodeid="3" votes="1"/>
          </clusternodes>
          <fencedevices><fencedevice name="pdu" agent="fence_apc"/></fencedevices>
          {services}
        </cluster>
        """;

    /// <summary>An <c>rm</c> with a domain that prefers n1, then n2, then n3, and these services.</summary>
    public static string Rm(params string[] services) => $"""
        <rm>
          <failoverdomains>
            <failoverdomain name="order" ordered="1" restricted="1">
              <failoverdomainnode name="n1" priority="1"/><failoverdomainnode name="n2" priority="2"/><failoverdomainnode name="n3" priority="3"/>
            </failoverdomain>
            <failoverdomain name="stay" ordered="1" restricted="1" nofailback="1">
              <failoverdomainnode name="n1" priority="1"/><failoverdomainnode name="n2" priority="2"/><failoverdomainnode name="n3" priority="3"/>
            </failoverdomain>
            <failoverdomain name="one" ordered="0" restricted="1"><failoverdomainnode name="n1"/></failoverdomain>
          </failoverdomains>
          {string.Join("\n  ", services)}
        </rm>
        """;

    public async Task<SchedulerReplica> AddReplicaAsync(Action<IServiceCollection>? change = null)
    {
        SchedulerReplica replica = await SchedulerReplica.StartAsync(
            _engines.Options, Time, _engines.SharedBus, _engines.SharedDatabase, Quorum, change);
        _replicas.Add(replica);
        return replica;
    }

    public async Task RemoveReplicaAsync(SchedulerReplica replica)
    {
        _replicas.Remove(replica);
        await replica.DisposeAsync();
    }

    /// <summary>A node comes up as a new incarnation; the membership is not published yet.</summary>
    public async Task<ExecutorDouble> JoinAsync(string node, string incarnation)
    {
        ExecutorDouble executor = await ExecutorDouble.StartAsync(First, node, incarnation);
        _executors.Add(executor);
        Set(node, NodeState.Online, incarnation);
        return executor;
    }

    /// <summary>n1, n2 and n3 come up and quorum forms.</summary>
    public async Task<(ExecutorDouble N1, ExecutorDouble N2, ExecutorDouble N3)> FormAsync(Action<ExecutorDouble>? prepare = null)
    {
        ExecutorDouble[] all = [await JoinAsync("n1", "a1"), await JoinAsync("n2", "b1"), await JoinAsync("n3", "c1")];
        foreach (ExecutorDouble executor in all)
        {
            prepare?.Invoke(executor);
        }
        await PublishMembershipAsync();
        return (all[0], all[1], all[2]);
    }

    public async Task SetAsync(string node, NodeState state)
    {
        Set(node, state, _nodes[node].Incarnation!.Value.Value); // a node that never came has no state to change
        await PublishMembershipAsync();
    }

    public async Task PublishMembershipAsync(bool isQuorate = true, int configurationVersion = 0, string digest = "")
    {
        Generation++;
        Assert.True(await First.Bus.TryPublishAsync(new MembershipChanged
        {
            Generation = Generation,
            IsQuorate = isQuorate,
            Votes = _nodes.Values.Count(node => node.State == NodeState.Online),
            VotesNeeded = 2,
            ConfigurationVersion = configurationVersion,
            ConfigurationDigest = digest,
            Trace = Traces.Here,
            Nodes = [.. _nodes.Values.OrderBy(node => node.Name)],
        }));
    }

    public Task<ServiceView> GetAsync(string service) => GetAsync(service, First);

    public static async Task<ServiceView> GetAsync(string service, SchedulerReplica replica) =>
        (await replica.Http.GetFromJsonAsync<ServiceView>($"/api/services/{Uri.EscapeDataString(service)}", JsonSerializerOptions.Web))!;

    public async Task<IReadOnlyList<TransitionView>> HistoryAsync(string service) =>
        (await First.Http.GetFromJsonAsync<List<TransitionView>>($"/api/services/{Uri.EscapeDataString(service)}/history", JsonSerializerOptions.Web))!;

    public async Task<Reply> PostAsync(
        string service, string command, string? node = null, string? requestId = null, int? wait = null, SchedulerReplica? replica = null)
    {
        string query = wait is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"?wait={seconds}") : "";
        using HttpResponseMessage response = await (replica ?? First).Http.PostAsJsonAsync(
            $"/api/services/{Uri.EscapeDataString(service)}/{command}{query}", new { node, requestId });
        return await Reply.ReadAsync(response);
    }

    /// <summary>Waits until a service is seen in a state, and where it is given, on a node.</summary>
    public async Task<ServiceView> UntilAsync(string service, ServiceState state, string? owner = null)
    {
        ServiceView? seen = null;
        await Eventually.HoldsAsync($"{service} is {state} on {owner}", async () =>
        {
            seen = await GetAsync(service);
            return seen.State == state && (owner is null || seen.Owner?.Value == owner);
        });
        return seen!; // the condition above
    }

    /// <summary>Lets time pass until something holds.</summary>
    public Task PassUntilAsync(string what, Func<bool> condition) => PassUntilAsync(what, () => Task.FromResult(condition()));

    public Task PassUntilAsync(string what, Func<Task<bool>> condition) => Eventually.HoldsAsync(what, async () =>
    {
        if (await condition())
        {
            return true;
        }
        Time.Advance(Step);
        return false;
    });

    public Task UntilRaisedAsync(int number, string? service = null) => Eventually.HoldsAsync(
        $"#{number} is raised", () => Raised.Any(message => message.Number == number && (service is null || message.Service?.Value == service)));

    public async Task<DbConnection> OpenAsync() => await First.Services.GetRequiredService<IDatabase>().OpenAsync();

    public async Task ExecuteAsync(string statement, object? parameters = null)
    {
        await using DbConnection connection = await OpenAsync();
        await connection.ExecuteAsync(statement, parameters);
    }

    public async Task<T> ScalarAsync<T>(string query, object? parameters = null)
    {
        await using DbConnection connection = await OpenAsync();
        return (await connection.ExecuteScalarAsync<T>(query, parameters))!; // a COUNT or a column that is not null
    }

    /// <summary>Makes sure that everything sent before was handled: a command sent after it has its answer.</summary>
    public async Task SettleAsync(string service)
    {
        string requestId = $"settle-{Guid.NewGuid():N}";
        Assert.True(await First.Bus.TryPublishAsync(new EnableService { RequestId = requestId, Service = new(service), Node = new("nowhere") }));
        await Eventually.HoldsAsync("a later command is answered", () => Answers.Any(answer => answer.RequestId == requestId));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ExecutorDouble executor in _executors)
        {
            await executor.DisposeAsync();
        }
        foreach (SchedulerReplica replica in Enumerable.Reverse(_replicas))
        {
            await replica.DisposeAsync();
        }
        await _engines.DisposeAsync();
    }

    private static Task Add<T>(ConcurrentQueue<T> queue, T message)
    {
        queue.Enqueue(message);
        return Task.CompletedTask;
    }

    private void Set(string node, NodeState state, string incarnation) => _nodes[node] = new MemberNode
    {
        Name = new(node),
        Id = node[1] - '0',
        State = state,
        Votes = 1,
        Incarnation = new Incarnation(incarnation),
        Since = Time.GetUtcNow(),
    };
}
