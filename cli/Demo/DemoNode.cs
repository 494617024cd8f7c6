using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts;
using Quorate.Executor.Service;
using Quorate.Executor.Service.Guard;
using Quorate.Hosting.Bus;

namespace Quorate.Cli.Demo;

/// <summary>
/// One node: an executor in this process, and a guard of its own as a child process, which runs the agents. Power can be cut: then
/// nothing is stopped cleanly, and nothing is left.
/// </summary>
internal sealed class DemoNode(NodeName name, DemoDirectory directory, DemoLog log, BusConnection bus, string guardProgram) : IAsyncDisposable
{
    /// <summary>What stopping everything may take once a lease has ended: generous, for a small machine that runs all nodes.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(4);

    /// <summary>How long an executor without a guard may take to notice it.</summary>
    private static readonly TimeSpan AbandonTimeMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DestroyTimeMax = TimeSpan.FromSeconds(15);

    /// <summary>One at a time: power on, power off, leave.</summary>
    private readonly SemaphoreSlim _gate = new(1);
    private GuardProcess? _guard;
    private IHost? _executor;

    public NodeName Name { get; } = name;

    /// <summary>True from a start to a cut of its power or a clean stop.</summary>
    public bool HasPower => _executor is not null;

    /// <summary>This life of the node; null while it has no power, and before its guard said hello.</summary>
    public Incarnation? Incarnation => _executor is { } executor ? ExecutorHost.ViewOf(executor.Services).Incarnation : null;

    /// <summary>How its guard holds processes together, <c>cgroup</c> or <c>processes</c>; null before it said so.</summary>
    public string? Containment { get; private set; }

    /// <summary>Switches the node on: a guard, which first clears up what an earlier life left, and an executor.</summary>
    /// <exception cref="InvalidOperationException">It is on.</exception>
    public Task StartAsync(CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        await StartNowAsync(cancellation);
        return true;
    });

    /// <summary>
    /// Cuts the power: no message leaves any more, the guard dies by SIGKILL, then every process it ever started. Returns when none is
    /// left.
    /// </summary>
    /// <returns>The incarnation that surely runs nothing now; null where it never had one.</returns>
    /// <exception cref="InvalidOperationException">Some process could not be killed.</exception>
    public Task<Incarnation?> CutPowerAsync() => OneAtATimeAsync(CutPowerNowAsync);

    /// <summary>Leaves the cluster cleanly: everything is stopped, proven, and goodbye said.</summary>
    /// <returns>True after a clean leave.</returns>
    public Task<bool> LeaveAsync() => OneAtATimeAsync(LeaveNowAsync);

    /// <summary>Leaves, and makes sure that no process of the node is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        if (Directory.Exists(GuardState))
        {
            await DestroyAsync();
        }

        _gate.Dispose();
    }

    private string GuardState => Path.Combine(directory.StateOf(Name.Value), "guard");

    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> act)
    {
        await _gate.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StartNowAsync(CancellationToken cancellation)
    {
        if (HasPower)
        {
            throw new InvalidOperationException($"{Name} is on");
        }

        Directory.CreateDirectory(directory.StateOf(Name.Value));
        _guard = GuardProcess.Start(
            new GuardStart
            {
                Executable = guardProgram,
                StateDirectory = GuardState,
                Node = Name,
                AgentDirectories = [directory.AgentDirectory],
                StopDeadline = StopDeadline,
            },
            line => log.Write($"{Name} guard", line));
        _guard.Client.HelloReceived += hello => Containment = hello.Greeting.Containment;

        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = $"executor-{Name}" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Quorate:Node"] = Name.Value,
            ["Quorate:StateDirectory"] = Path.Combine(directory.StateOf(Name.Value), "executor"),
            ["Quorate:ConfigurationFile"] = directory.ConfigurationFile,
        });
        builder.Logging.ClearProviders().AddProvider(log.For(Name.Value));
        ExecutorHost.Configure(builder, _guard.Client, bus);
        PutLinkBetween(builder.Services);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        _executor = builder.Build();
        await _executor.StartAsync(cancellation);
    }

    private async Task<Incarnation?> CutPowerNowAsync()
    {
        if (_executor is not { } executor || _guard is not { } guard)
        {
            return null;
        }

        _executor = null;
        _guard = null;
        executor.Services.GetRequiredService<NodeLink>().Cut();
        Incarnation? incarnation = ExecutorHost.ViewOf(executor.Services).Incarnation;
        guard.Kill();
        await DestroyAsync();
        using (CancellationTokenSource limit = new(AbandonTimeMax))
        {
            await executor.StopAsync(limit.Token);
        }

        executor.Dispose();
        await guard.DisposeAsync();
        return incarnation;
    }

    private async Task<bool> LeaveNowAsync()
    {
        (IHost? executor, GuardProcess? guard) = (_executor, _guard);
        (_executor, _guard) = (null, null);
        bool isClean = true;
        if (executor is not null)
        {
            await executor.StopAsync();
            isClean = ExecutorHost.ExitCodeOf(executor.Services) == 0;
            executor.Dispose();
        }

        if (guard is not null)
        {
            await guard.DisposeAsync();
        }

        return isClean;
    }

    private static void PutLinkBetween(IServiceCollection services)
    {
        ServiceDescriptor sender = services.Last(service => service.ServiceType == typeof(IBusSender));
        Type type = sender.ImplementationType ?? throw new InvalidOperationException("the bus sender is not registered by its type");
        services.AddSingleton(provider => new NodeLink((IBusSender)ActivatorUtilities.CreateInstance(provider, type)));
        services.AddSingleton<IBusSender>(provider => provider.GetRequiredService<NodeLink>());
    }

    /// <summary>Kills all that the guard's groups hold. Only after the guard itself is dead: it holds the state directory.</summary>
    private async Task DestroyAsync()
    {
        // In a session of its own: an impatient Ctrl-C must not end what clears up.
        ProcessStartInfo command = new("setsid") { RedirectStandardError = true };
        command.ArgumentList.Add("--wait");
        command.ArgumentList.Add(guardProgram);
        command.ArgumentList.Add("--state");
        command.ArgumentList.Add(GuardState);
        command.ArgumentList.Add("--destroy");
        using Process process = Process.Start(command) ?? throw new InvalidOperationException($"{guardProgram} was not started");
        using CancellationTokenSource limit = new(DestroyTimeMax);
        string said = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the processes of {Name} could not all be killed: {said.Trim()}");
        }
    }
}
