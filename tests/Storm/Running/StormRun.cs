using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;
using Quorate.Tests.Simulation.Engine;
using Quorate.Tests.Storm.Faults;
using Quorate.Tests.Storm.Judging;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Running;

/// <summary>
/// One cluster in the storm: rounds of faults and commands; after each all is healed, and everything must be answered and run again
/// before the next begins.
/// </summary>
internal sealed class StormRun : IAsyncDisposable
{
    /// <summary>A round is no longer, so that a long storm looks often whether all is well.</summary>
    private static readonly TimeSpan RoundMax = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long answers may take and services may be away after all was healed. A message that a dead broker lost is sent again after 30
    /// to 40 s, and may meet a service that is being started elsewhere.
    /// </summary>
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(120);

    private readonly StormSettings _settings;
    private readonly StormCluster _cluster;
    private readonly DirectoryInfo _directory;
    private readonly Lab _lab;
    private readonly Diary _diary;
    private readonly Chance _chance;
    private readonly Dictionary<string, string?> _environment;

    private StormRun(StormSettings settings, StormCluster cluster, DirectoryInfo directory, Lab lab, Dictionary<string, string?> environment)
    {
        (_settings, _cluster, _directory, _lab, _environment) = (settings, cluster, directory, lab, environment);
        _diary = new Diary(Path.Combine(directory.FullName, "diary"));
        _chance = new Chance(settings.Seed);
    }

    /// <summary>Starts the cluster.</summary>
    public static async Task<StormRun> StartAsync(StormSettings settings, StormCluster cluster)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("quorate-storm-");
        string lab = Path.Combine(directory.FullName, "lab");
        string faults = directory.CreateSubdirectory("faults").FullName;
        string configuration = Path.Combine(directory.FullName, "cluster.conf");
        await File.WriteAllTextAsync(configuration, cluster.Configuration(lab, Path.Combine(lab, "witness"), faults));
        Dictionary<string, string?> environment = new()
        {
            // Its own engines, because it kills them.
            ["QUORATE_LAB_RABBITMQ"] = null,
            ["QUORATE_LAB_RABBITMQCTL"] = null,
            ["QUORATE_LAB_POSTGRES"] = null,
            ["QUORATE_LAB_AGENTS"] = Path.Combine(Lab.Root, "tests", "Storm", "agents"),
            ["QUORATE_TEST_UNSAFE_SECOND_OWNER"] = settings.LetsSecondOwnersIn ? "1" : null,
        };
        string ttl = settings.TtlMilliseconds.ToString(CultureInfo.InvariantCulture);
        Lab up = await Lab.UpInAsync(Directory.CreateDirectory(lab), environment, ["--config", configuration, "--ttl", ttl, "--network"]);
        return new StormRun(settings, cluster, directory, up, environment);
    }

    /// <summary>Lets the storm blow, until its time is over or something is violated.</summary>
    /// <param name="length">How long faults happen.</param>
    public async Task<Report> BlowAsync(TimeSpan length)
    {
        using SchedulerDoor http = new();
        BusDoor bus = new(_lab.Bus, _diary);
        await bus.OpenAsync(CancellationToken.None);
        OrderDesk desk = new(_lab.Schedulers, http, bus, _diary);
        using CancellationTokenSource isDone = new();
        Task hearing = desk.HearAsync(isDone.Token);
        List<Fault> happened = [];
        TimeSpan longestHealing = TimeSpan.Zero;
        int rounds = Math.Max(1, (int)Math.Ceiling(length / RoundMax));
        for (int round = 1; ; round++)
        {
            _diary.Write($"round {round} of {rounds}");
            (IReadOnlyList<Fault> faults, TimeSpan healing) = await RoundAsync(desk, round, length / rounds);
            happened.AddRange(faults);
            longestHealing = healing > longestHealing ? healing : longestHealing;
            Evidence evidence = await EvidenceAsync(desk);
            Verdict verdict = Judge.Decide(evidence);
            if (round == rounds || verdict.Violations.Any())
            {
                await isDone.CancelAsync();
                await hearing;
                await File.WriteAllTextAsync(
                    Path.Combine(_directory.FullName, "evidence.json"),
                    JsonSerializer.Serialize(evidence with { Lines = [] }, JsonSerializerOptions.Web));
                string name = _cluster.HasFenceDevices ? "with fencing" : "without";
                return new Report(name, round, [.. happened], evidence, verdict, longestHealing, _directory.FullName)
                {
                    Traces = verdict.Violations.Any() ? await Traces.ReadAsync(_lab, evidence, _diary.File) : [],
                };
            }
        }
    }

    /// <summary>Ends the cluster; its logs stay until <see cref="Forget"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        _diary.Dispose();
        await _lab.DownAsync();
    }

    /// <summary>Removes the logs of a storm that has shown nothing wrong.</summary>
    public void Forget() => _directory.Delete(recursive: true);

    private async Task<(IReadOnlyList<Fault> Happened, TimeSpan Healing)> RoundAsync(OrderDesk desk, int round, TimeSpan length)
    {
        FaultInjector injector = new(_lab, _environment, new DirectoryInfo(Path.Combine(_directory.FullName, "faults")), _diary);
        ImmutableArray<Fault> faults = FaultSchedule.Draw(_chance, _cluster, length);
        ImmutableArray<Order> orders = OrderSchedule.Draw(_chance, _cluster, $"round{round}", length);
        using CancellationTokenSource isOver = new();
        List<Task> given = [.. orders.Select(order => desk.GiveAsync(order, isOver.Token))];
        ImmutableArray<Fault> happened = await injector.RunAsync(faults);
        await injector.HealAsync(_cluster);
        _diary.Write("all is healed");
        isOver.CancelAfter(SettleMax);
        long healed = Lab.Now();
        Healing healing = new(_lab, _cluster, injector, desk, _diary);
        await healing.UntilAllRunsAsync($"round{round}-operator", SettleMax, () => EvidenceAsync(desk), isOver.Token);
        await Task.WhenAll(given);
        return (happened, TimeSpan.FromTicks((Lab.Now() - healed) / TimeSpan.NanosecondsPerTick));
    }

    private async Task<Evidence> EvidenceAsync(OrderDesk desk)
    {
        ImmutableSortedDictionary<string, ImmutableArray<TransitionView>>.Builder histories =
            ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<TransitionView>>(StringComparer.Ordinal);
        foreach (string service in _cluster.Services)
        {
            histories[service] = [.. await _lab.HistoryAsync(service) ?? []];
        }

        IReadOnlyList<FenceAttempted> fencings = await _lab.FencingAsync();
        ClusterView? cluster = await _lab.ClusterAsync();
        return new Evidence([.. _lab.Witnessed()], histories.ToImmutable(), [.. fencings], desk.Outcomes, cluster, Lab.Now(), DateTimeOffset.UtcNow);
    }
}
