using System.Collections.Immutable;
using Quorate.Cli.Api;
using Quorate.Cli.Demo.Witness;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Demo.Live;

/// <summary>The demo with keys: a picture of the cluster, drawn again and again, and what the keys do to it.</summary>
internal sealed class LiveDemo(DemoDirectory directory, DemoCluster cluster) : IDisposable
{
    private const string AlternateScreen = "\e[?1049h\e[?25l";
    private const string NormalScreen = "\e[?25h\e[?1049l";

    /// <summary>Each picture is written over the one before, from the top left: so it is right again after the terminal changed its size.</summary>
    private const string TopLeft = "\e[H";

    private const string ClearRestOfLine = "\e[K";
    private const string ClearBelow = "\e[J";

    /// <summary>Actions under way at once; more keys are told to wait.</summary>
    private const int ActionsMax = 8;

    /// <summary>More would not fit on any screen.</summary>
    private const int EventsMax = 100;

    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CommandWait = TimeSpan.FromSeconds(30);

    private readonly WitnessFiles _files = new(directory.Witness);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _actions = [];
    private Keyboard _keyboard = Keyboard.Initial;
    private ClusterView? _view;

    /// <summary>Runs until the person ends it.</summary>
    /// <returns>An exit code.</returns>
    public static async Task<int> RunAsync(DemoDirectory directory, DemoLog log, CancellationToken cancellation)
    {
        Console.WriteLine($"Starting a cluster of three nodes in this process. Log: {directory.LogFile}");
        await using (DemoCluster cluster = await DemoCluster.StartAsync(directory, log, cancellation))
        {
            using LiveDemo live = new(directory, cluster);
            bool wasInput = Console.TreatControlCAsInput;
            Console.TreatControlCAsInput = true;
            Console.Write(AlternateScreen);
            try
            {
                await live.RunAsync(cancellation);
            }
            finally
            {
                Console.Write(NormalScreen);
                Console.TreatControlCAsInput = wasInput;
                Console.WriteLine("Stopping all services and nodes...");
            }
        }

        IReadOnlyList<string> violations = Ownership.Violations(new WitnessFiles(directory.Witness).Read().All);
        Console.WriteLine(violations.Count == 0 ? "By what the agents wrote, nothing ever ran on two nodes at once." : string.Join(Environment.NewLine, violations));
        return violations.Count == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private async Task RunAsync(CancellationToken cancellation)
    {
        Task looking = LookAsync();
        using PeriodicTimer tick = new(KeyInterval);
        try
        {
            while (TakeKeys() && !cancellation.IsCancellationRequested)
            {
                ImmutableArray<(NodeName, bool)> nodes = [.. cluster.Nodes.Select(node => (node.Name, node.HasPower))];
                IReadOnlyList<string> lines = Screen.Draw(
                    _view, nodes, cluster.Feed.Last(EventsMax), _keyboard, Footer(), Console.WindowWidth, Console.WindowHeight);
                Console.Write($"{TopLeft}{string.Join($"{ClearRestOfLine}\n", lines)}{ClearRestOfLine}{ClearBelow}");
                await tick.WaitForNextTickAsync(CancellationToken.None);
            }
        }
        finally
        {
            await _end.CancelAsync();
            await Task.WhenAll([looking, .. _actions]);
        }
    }

    private string Footer() =>
        $"{DemoCommand.Containing(cluster)}. From another terminal: QUORATE_API={cluster.Address} ./quorate status";

    /// <summary>Asks the cluster for its state, again and again, as any client would.</summary>
    private async Task LookAsync()
    {
        using PeriodicTimer tick = new(KeyInterval * 2);
        try
        {
            while (await tick.WaitForNextTickAsync(_end.Token))
            {
                Volatile.Write(ref _view, await cluster.Api.GetClusterAsync(_end.Token));
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The demo ends.
        }
        catch (NoAnswerException silence)
        {
            cluster.Feed.Tell($"The scheduler does not answer any more: {silence.Message}");
        }
    }

    /// <summary>False when the person wants to end.</summary>
    private bool TakeKeys()
    {
        ImmutableArray<ServiceName> services = [.. (_view?.Services ?? []).Select(service => service.Name)];
        ImmutableArray<NodeName> nodes = [.. cluster.Nodes.Select(node => node.Name)];
        while (Console.KeyAvailable)
        {
            (_keyboard, LiveAction? action) = _keyboard.Press(Console.ReadKey(intercept: true), services, nodes);
            if (action is LiveAction.Quit)
            {
                return false;
            }

            if (action is not null)
            {
                Begin(action);
            }
        }

        return true;
    }

    private void Begin(LiveAction action)
    {
        if (action is LiveAction.Break broken)
        {
            Break(broken.Service);
            return;
        }

        _actions.RemoveAll(task => task.IsCompleted);
        if (_actions.Count >= ActionsMax)
        {
            cluster.Feed.Tell($"{ActionsMax} things are under way already; wait for one to end");
            return;
        }

        _actions.Add(ActAsync(action));
    }

    private async Task ActAsync(LiveAction action)
    {
        try
        {
            await (action switch
            {
                LiveAction.CutPower cut => SwitchAsync(cut.Node, isOn: true, node => cluster.CutPowerAsync(node)),
                LiveAction.Revive revive => SwitchAsync(revive.Node, isOn: false, node => cluster.ReviveAsync(node, _end.Token)),
                LiveAction.Order order => OrderAsync(order),
                _ => Task.CompletedTask,
            });
        }
        catch (Exception failure) when (failure is NoAnswerException or InvalidOperationException or IOException or OperationCanceledException)
        {
            if (!_end.IsCancellationRequested)
            {
                cluster.Feed.Tell($"That did not work: {failure.Message}");
            }
        }
    }

    private Task SwitchAsync(NodeName name, bool isOn, Func<DemoNode, Task> act)
    {
        DemoNode node = cluster.NodeOf(name.Value);
        if (node.HasPower == isOn)
        {
            return act(node);
        }

        cluster.Feed.Tell($"{name} has {(isOn ? "no power" : "power")} already");
        return Task.CompletedTask;
    }

    private async Task OrderAsync(LiveAction.Order order)
    {
        string what = $"{order.Verb} {Narration.Short(order.Service)}";
        cluster.Feed.Tell($"You: {what}");
        CommandRequest request = new() { RequestId = Guid.NewGuid().ToString("N") };
        CommandReply reply = await cluster.Api.OrderAsync(order.Service, order.Verb, request, CommandWait, _end.Token);
        cluster.Feed.Tell(string.Join("; ", Commands.Outcome.Of(what, reply, CommandWait).Lines.Select(line => line.Trim())));
    }

    private void Break(ServiceName service)
    {
        string name = Narration.Short(service);
        string? resource = cluster.Configuration.FindService(service)?.Tree.Children.Select(child => child.Name).FirstOrDefault();
        cluster.Feed.Tell(resource is not null && DaemonCrash.TryCause(_files, resource)
            ? $"You: kill the daemon of {resource}, as a crash would; the next status check must find out"
            : $"{name} has no daemon to kill: it does not run");
    }
}
