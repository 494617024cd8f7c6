using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Quorate.Cli.Api;
using Quorate.Cli.Demo.Witness;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.Demo.Script;

/// <summary>
/// The demo without keys. It acts as a person would, and believes only what the agents wrote into their files: an answer of the
/// cluster, or an object in memory, proves nothing.
/// </summary>
internal sealed class DemoScript(DemoDirectory directory, ClusterConfiguration configuration, ScriptReport report)
{
    /// <summary>How long the cluster may take to come to rest before the next step.</summary>
    private static readonly TimeSpan RestTimeMax = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly WitnessFiles _files = new(directory.Witness);

    /// <summary>The nodes that have power.</summary>
    private ImmutableHashSet<NodeName> _online = [.. configuration.Nodes.Select(node => node.Name)];

    /// <summary>Starts the cluster and sees all services come up.</summary>
    /// <exception cref="StepNotObservedException">They did not.</exception>
    public async Task<DemoCluster> StartAsync(DemoLog log, CancellationToken cancellation)
    {
        DemoCluster? started = null;
        try
        {
            await DoAsync(
                ScriptStep.Start,
                [],
                async () =>
                {
                    started = await DemoCluster.StartAsync(directory, log, cancellation);
                    started.Feed.Told += told => report.Happened(told.Text);
                },
                (now, since) => Finding.All(Automatic.SelectMany(service => NamesOf(service).Select(name => Observation.Started(now, since, name, HomesOf(service))))),
                cancellation);
            return started ?? throw new InvalidOperationException("the cluster was started");
        }
        catch when (started is not null)
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>All steps between the start and the clean stop.</summary>
    /// <exception cref="StepNotObservedException">One was not observed.</exception>
    public async Task PlayAsync(DemoCluster cluster, CancellationToken cancellation)
    {
        await RestAsync(cluster, cancellation);
        string victim = NodeOf("web");
        await LosePowerAsync(cluster, victim, cancellation);

        await RestAsync(cluster, cancellation);
        string filesOn = NodeOf("files");
        await DoAsync(
            ScriptStep.BreakRestart, [filesOn], () => Break("files"),
            (now, since) => Observation.Started(now, since, "files", [filesOn]), cancellation);

        await RestAsync(cluster, cancellation);
        string batchOn = NodeOf("batch");
        await DoAsync(
            ScriptStep.BreakRelocate, [batchOn], () => Break("batch"),
            (now, since) => Observation.Started(now, since, "batch", OthersThan(batchOn)), cancellation);

        await RestAsync(cluster, cancellation);
        await RelocateAsync(cluster, cancellation);

        await RestAsync(cluster, cancellation);
        await ReviveAsync(cluster, victim, cancellation);

        await RestAsync(cluster, cancellation);
        Testimony before = _files.Read();
        await DoAsync(
            ScriptStep.Leave, [], async () =>
            {
                if (await cluster.LeaveAsync() is { Count: > 0 } unclean)
                {
                    throw new StepNotObservedException($"{string.Join(", ", unclean)} could not prove that everything was stopped");
                }
            },
            (now, _) => Observation.Stopped(now, before, configuration.Services.SelectMany(NamesOf)), cancellation);
    }

    /// <summary>The last look: was there ever more than one owner?</summary>
    /// <exception cref="StepNotObservedException">There was.</exception>
    public void Judge()
    {
        report.Step("Read everything the agents wrote: was anything ever run twice?");
        Settle(Observation.NeverTwoOwners(_files.Read()), "two owners");
    }

    /// <summary>Every proof of two owners so far, in words.</summary>
    public IReadOnlyList<string> Violations() => Ownership.Violations(_files.Read().All);

    private IEnumerable<ServiceDefinition> Automatic => configuration.Services.Where(service => service.IsAutostart);

    private static IEnumerable<string> NamesOf(ServiceDefinition service) => service.Tree.Children.Select(resource => resource.Name);

    private ImmutableArray<string> HomesOf(ServiceDefinition service) => Residence.Of(service, configuration, _online);

    private ImmutableArray<string> OthersThan(string node) => [.. _online.Select(name => name.Value).Where(name => name != node).Order(StringComparer.Ordinal)];

    /// <summary>Where a resource runs, as its agent wrote.</summary>
    private string NodeOf(string name) =>
        _files.Read().HoldingStart(name)?.Node ?? throw new StepNotObservedException($"{name} does not run, though an earlier step saw it start");

    private async Task LosePowerAsync(DemoCluster cluster, string victim, CancellationToken cancellation)
    {
        Testimony before = _files.Read();
        ImmutableArray<(ServiceDefinition Service, string Name)> lost =
        [
            .. configuration.Services.SelectMany(service => NamesOf(service).Select(name => (service, name)))
                .Where(resource => before.HoldingStart(resource.name)?.Node == victim),
        ];
        long offAt = 0;
        await DoAsync(
            ScriptStep.LosePower,
            [victim],
            async () =>
            {
                await cluster.CutPowerAsync(cluster.NodeOf(victim));
                offAt = WitnessFiles.Now();
                _online = _online.Remove(new NodeName(victim));
            },
            (now, since) => Finding.All(
                lost.Select(resource => Observation.Started(now, since, resource.Name, HomesOf(resource.Service)))
                    .Append(Observation.Silent(now, victim, offAt))),
            cancellation);
    }

    private async Task RelocateAsync(DemoCluster cluster, CancellationToken cancellation)
    {
        string from = NodeOf("shop-db");
        string to = OthersThan(from)[0];
        await DoAsync(
            ScriptStep.Relocate,
            [from, to],
            async () =>
            {
                CommandRequest request = new() { Node = to, RequestId = Guid.NewGuid().ToString("N") };
                CommandReply reply = await cluster.Api.OrderAsync(ServiceName.Parse("shop"), "relocate", request, wait: null, cancellation);
                if (reply.Result is { } refused)
                {
                    throw new StepNotObservedException($"the command was refused: {refused} {string.Join("; ", reply.Reasons ?? [])}");
                }
            },
            (now, since) => Finding.All(new[] { "shop-app", "shop-db" }.Select(name => Observation.Moved(now, since, name, from, [to]))),
            cancellation);
    }

    private async Task ReviveAsync(DemoCluster cluster, string victim, CancellationToken cancellation)
    {
        string webOn = NodeOf("web");
        string mailOn = NodeOf("mail");
        await DoAsync(
            ScriptStep.Revive,
            [victim, mailOn],
            async () =>
            {
                await cluster.ReviveAsync(cluster.NodeOf(victim), cancellation);
                _online = _online.Add(new NodeName(victim));
            },
            (now, since) => Finding.All(
            [
                Observation.Moved(now, since, "web", webOn, [victim]),
                Observation.Stayed(now, since, "mail", mailOn, now.StartsSince(since.Events, "web").LastOrDefault()?.Time),
            ]),
            cancellation);
    }

    /// <summary>
    /// Waits, as a person would, until the cluster says that nothing is under way any more: a step that cuts into the one before is
    /// another story. The agents must have written the same: on a busy machine a lease may run out while the cluster still says started.
    /// Nothing counts as observed by it.
    /// </summary>
    private async Task RestAsync(DemoCluster cluster, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Shorter(RestTimeMax, ScriptStep.AllTimeMax - report.Elapsed));
        using PeriodicTimer look = new(LookInterval);
        ServiceView? busy;
        do
        {
            ClusterView view = await cluster.Api.GetClusterAsync(cancellation);
            Testimony now = _files.Read();
            busy = view.Services.FirstOrDefault(service => !IsAtRest(service, now));
        }
        while (busy is not null && await NextLookAsync(look, limit.Token, cancellation));
        if (busy is not null)
        {
            throw new StepNotObservedException(string.Create(
                CultureInfo.InvariantCulture, $"{busy.Name} is still {busy.State.ToString().ToLowerInvariant()} after {RestTimeMax.TotalSeconds:0} s: {busy.Reason}"));
        }
    }

    private bool IsAtRest(ServiceView service, Testimony now) => service.State switch
    {
        ServiceState.Disabled => true,
        ServiceState.Started => configuration.Services.Where(candidate => candidate.Name == service.Name).SelectMany(NamesOf)
            .All(name => now.HoldingStart(name)?.Node == service.Owner?.Value),
        _ => false,
    };

    /// <summary>Ends a resource's daemon as a crash would; its agent is not asked.</summary>
    private Task Break(string name)
    {
        if (!DaemonCrash.TryCause(_files, name))
        {
            throw new StepNotObservedException($"{name} has no daemon that could be killed");
        }

        return Task.CompletedTask;
    }

    private async Task DoAsync(
        ScriptStep step, string[] nodes, Func<Task> act, Func<Testimony, Moment, Finding> observe, CancellationToken cancellation)
    {
        report.Step(string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(step.Title), [.. nodes]));
        Moment since = new(_files.Read().Events.Length, WitnessFiles.Now());
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        TimeSpan timeMax = Shorter(step.TimeMax, ScriptStep.AllTimeMax - report.Elapsed);
        limit.CancelAfter(timeMax);
        await act();
        using PeriodicTimer look = new(LookInterval);
        Finding finding;
        do
        {
            finding = observe(_files.Read(), since);
        }
        while (!finding.IsObserved && await NextLookAsync(look, limit.Token, cancellation));
        Settle(finding, string.Create(CultureInfo.InvariantCulture, $"not within {timeMax.TotalSeconds:0} s"));
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left <= right ? left : right > TimeSpan.Zero ? right : TimeSpan.Zero;

    private static async Task<bool> NextLookAsync(PeriodicTimer look, CancellationToken limit, CancellationToken interrupt)
    {
        try
        {
            return await look.WaitForNextTickAsync(limit);
        }
        catch (OperationCanceledException) when (!interrupt.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Settle(Finding finding, string limit)
    {
        foreach (string seen in finding.Seen)
        {
            report.Seen(seen);
        }

        if (!finding.IsObserved)
        {
            throw new StepNotObservedException($"{limit}: {string.Join("; ", finding.Missing)}");
        }
    }
}
