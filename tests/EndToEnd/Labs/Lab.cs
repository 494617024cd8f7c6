using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Cli.Demo.Witness;

namespace Quorate.Tests.EndToEnd.Labs;

/// <summary>A running <c>./lab</c> in a directory of its own: what a person could do with it, and what the agents wrote.</summary>
/// <remarks>Nothing is read from objects in memory: only the API, and the files that the agents wrote, count as observed.</remarks>
public sealed class Lab : IAsyncDisposable
{
    /// <summary>The lease of the tests, in milliseconds: short, so that a failover takes seconds.</summary>
    public const int TtlMilliseconds = 2000;

    private const int LogLinesShown = 12;
    private static readonly TimeSpan VerbTimeout = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The witness agent waits a second for the lock before it writes that it was refused.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo _directory;
    private readonly HttpClient _client = new() { Timeout = AnswerTimeout };

    private Lab(DirectoryInfo directory) => _directory = directory;

    /// <summary>The clone that these tests were built in.</summary>
    public static string Root { get; } = FindRoot();

    private static IReadOnlyDictionary<string, string?> Nothing { get; } = new Dictionary<string, string?>();

    /// <summary>Starts a cluster of three nodes with the lab's own configuration and waits until all are online.</summary>
    /// <param name="environment">Test-only switches for its processes.</param>
    /// <param name="ttlMilliseconds">The lease, where a story needs another than the usual.</param>
    /// <param name="options">More options of <c>./lab up</c>.</param>
    public static async Task<Lab> UpAsync(
        IReadOnlyDictionary<string, string?>? environment = null, int ttlMilliseconds = TtlMilliseconds, params IReadOnlyList<string> options)
    {
        string ttl = ttlMilliseconds.ToString(CultureInfo.InvariantCulture);
        return await UpInAsync(Directory.CreateTempSubdirectory("quorate-e2e-"), environment ?? Nothing, ["--nodes", "3", "--ttl", ttl, .. options]);
    }

    /// <summary>Starts a cluster with these options and no others.</summary>
    /// <param name="directory">Empty or not there yet.</param>
    /// <param name="environment">Settings for its processes.</param>
    /// <param name="options">Of <c>./lab up</c>.</param>
    public static async Task<Lab> UpInAsync(
        DirectoryInfo directory, IReadOnlyDictionary<string, string?> environment, IReadOnlyList<string> options)
    {
        Lab lab = new(directory);
        try
        {
            await lab.RunVerbAsync(environment, ["up", .. options]);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }

        return lab;
    }

    /// <summary>Runs <c>./lab</c> with these arguments and nothing added; the caller looks at how it ended.</summary>
    public static Task<ProcessRun> RunScriptAsync(TimeSpan bound, params string[] arguments) =>
        ProcessRun.RunAsync(Path.Combine(Root, "lab"), arguments, Nothing, bound);

    /// <summary>The configuration that <c>./lab up</c> writes for nodes of these names.</summary>
    public static Task<ProcessRun> WriteConfigurationAsync(TimeSpan bound, params string[] nodes) => ProcessRun.RunAsync(
        "/bin/bash",
        ["-c", "ROOT=$0 DIR=/tmp; source \"$ROOT/scripts/lab-cluster.sh\"; write_configuration \"$@\"", Root, .. nodes],
        Nothing,
        bound);

    /// <summary>Runs a verb, such as <c>kill n1</c>; fails the test if the lab refuses.</summary>
    public Task RunAsync(params string[] verb) => RunVerbAsync(Nothing, verb);

    /// <summary>Runs a verb with settings for the processes that it starts.</summary>
    public Task RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] verb) => RunVerbAsync(environment, verb);

    /// <summary>Runs a verb that the lab may refuse, such as <c>kill n1</c> when n1 is off already.</summary>
    public Task<ProcessRun> TryAsync(IReadOnlyDictionary<string, string?> environment, params string[] verb) => LabVerbAsync(environment, verb);

    /// <summary>Ends all that the lab started; its logs and witness files stay.</summary>
    public Task DownAsync() => RunVerbAsync(Nothing, "down");

    /// <summary>Runs <c>./quorate</c> against this lab.</summary>
    public Task<ProcessRun> QuorateAsync(params string[] arguments) => ProcessRun.RunAsync(
        Path.Combine(Root, "quorate"),
        arguments,
        EnvironmentFile().ToDictionary(entry => entry.Key, entry => (string?)entry.Value),
        VerbTimeout);

    /// <summary>Runs a shell script against this lab, with the tools of the original on its path.</summary>
    public Task<ProcessRun> ScriptAsync(string file) => ProcessRun.RunAsync(
        "/bin/sh",
        [file],
        EnvironmentFile().ToDictionary(entry => entry.Key, entry => (string?)entry.Value)
            .Append(new("PATH", $"{Path.Combine(Root, "bin")}:{Root}:{Environment.GetEnvironmentVariable("PATH")}")).ToDictionary(),
        VerbTimeout);

    /// <summary>Runs a program that knows nothing of this lab but what its environment says.</summary>
    public Task<ProcessRun> ProgramAsync(string file, params string[] arguments) => ProcessRun.RunAsync(
        file, arguments, EnvironmentFile().ToDictionary(entry => entry.Key, entry => (string?)entry.Value), VerbTimeout);

    /// <summary>Makes a file in the lab's directory, such as the one that breaks a fence device.</summary>
    public void Touch(string name) => File.WriteAllText(Path.Combine(_directory.FullName, name), "");

    /// <summary>All lines the witness agents of all nodes wrote, so far.</summary>
    public IReadOnlyList<WitnessLine> Witnessed()
    {
        string directory = Path.Combine(_directory.FullName, "witness");
        List<string> files = [.. Directory.EnumerateFiles(directory, "alive.*")];
        if (File.Exists(Path.Combine(directory, "witness")))
        {
            files.Add(Path.Combine(directory, "witness"));
        }

        return [.. files.SelectMany(file => WitnessLine.ReadAll(File.ReadAllText(file)))];
    }

    /// <summary>The starts of one service, in order of time.</summary>
    public IReadOnlyList<WitnessLine> StartsOf(string name) =>
        [.. Witnessed().Where(line => line.Name == name && line.Event == "start").OrderBy(line => line.Time)];

    /// <summary>The time of the witness files, now: CLOCK_BOOTTIME in nanoseconds.</summary>
    public static long Now()
    {
        string uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
        return (long)(decimal.Parse(uptime, CultureInfo.InvariantCulture) * 1_000_000_000m);
    }

    /// <summary>The cluster as whichever scheduler answers sees it; null when none does.</summary>
    public Task<ClusterView?> ClusterAsync() => GetAsync<ClusterView>("/api/cluster");

    /// <summary>What fence agents were told and came to, oldest first.</summary>
    public async Task<IReadOnlyList<FenceAttempted>> FencingAsync() => await GetAsync<IReadOnlyList<FenceAttempted>>("/api/fencing") ?? [];

    /// <summary>Every transition of a service, oldest first; null when no scheduler answers.</summary>
    public Task<IReadOnlyList<TransitionView>?> HistoryAsync(string name) =>
        GetAsync<IReadOnlyList<TransitionView>>($"/api/services/{name}/history?last=1000");

    /// <summary>The addresses of the schedulers.</summary>
    public IReadOnlyList<string> Schedulers =>
        [.. EnvironmentFile().Where(entry => entry.Key.StartsWith("QUORATE_API", StringComparison.Ordinal)).Select(entry => entry.Value)];

    /// <summary>The address of the broker, on this machine.</summary>
    public string Bus => Setting("BUS");

    /// <summary>How to connect to the database.</summary>
    public string Database => Setting("DATABASE");

    /// <summary>Where a process serves HTTP: a replica, such as <c>quorum1</c>, or a node that was told to.</summary>
    public string AddressOf(string process) => Regex.IsMatch(process, "^(quorum|scheduler)[12]$")
        ? $"http://127.0.0.1:{Setting($"PORT_{process.ToUpperInvariant()}")}"
        : Regex.Match(File.ReadAllText(FileCalled(Path.Combine("log", $"{process}.log"))), "Now listening on: (http://[^ \n]+)", RegexOptions.RightToLeft).Groups[1].Value;

    private string Setting(string name) =>
        File.ReadLines(FileCalled("settings")).Single(line => line.StartsWith($"declare -g {name}=", StringComparison.Ordinal)).Split('"')[1];

    private async Task<T?> GetAsync<T>(string path) where T : class
    {
        foreach (string address in Schedulers)
        {
            try
            {
                return await _client.GetFromJsonAsync<T>($"{address}{path}", JsonSerializerOptions.Web);
            }
            catch (Exception silence) when (silence is HttpRequestException or OperationCanceledException)
            {
                // The next scheduler is as good; the caller's wait is bounded.
            }
        }

        return null;
    }

    /// <summary>Waits until the API says that a service is in a state on a node, and the node's agent has said so too.</summary>
    public Task WaitForServiceAsync(string name, string node, TimeSpan bound) => WaitAsync(
        $"{name} is started on {node}",
        async () => (await ClusterAsync())?.Services.SingleOrDefault(service => service.Name.Value == $"service:{name}")
                is { State: Quorate.Contracts.ServiceState.Started, Owner: { } owner }
            && owner.Value == node
            && StartsOf(name) is [.., { Node: var last }] && last == node,
        bound);

    /// <summary>Waits until the API says that a node is in a state.</summary>
    public Task WaitForNodeAsync(string name, Quorate.Contracts.NodeState state, TimeSpan bound) => WaitAsync(
        $"{name} is {state}",
        async () => (await ClusterAsync())?.Nodes.Any(node => node.Name.Value == name && node.State == state) == true,
        bound);

    /// <summary>Waits until something is so; fails the test, and shows what there is instead, when it is not in time.</summary>
    public async Task WaitAsync(string what, Func<Task<bool>> isSo, TimeSpan bound)
    {
        using PeriodicTimer ticks = new(PollInterval);
        long began = Now();
        while (!await isSo())
        {
            if (Now() - began > bound.TotalNanoseconds)
            {
                Assert.Fail($"not within {bound.TotalSeconds:0} s: {what}\n{await DescribeAsync()}");
            }

            await ticks.WaitForNextTickAsync();
        }
    }

    /// <summary>No service ever had two owners. Looks late enough to see a second start that was just under way.</summary>
    public async Task AssertNeverTwoOwnersAsync()
    {
        using PeriodicTimer refusal = new(RefusalTime);
        await refusal.WaitForNextTickAsync();
        Assert.Empty(Ownership.Violations(Witnessed()));
    }

    /// <summary>A file that lives as long as the lab.</summary>
    public string FileCalled(string name) => Path.Combine(_directory.FullName, name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await RunVerbAsync(Nothing, "down");
        _directory.Delete(recursive: true);
    }

    private async Task RunVerbAsync(IReadOnlyDictionary<string, string?> environment, params string[] verb)
    {
        ProcessRun run = await LabVerbAsync(environment, verb);
        run.MustSucceed();
    }

    private Task<ProcessRun> LabVerbAsync(IReadOnlyDictionary<string, string?> environment, string[] verb) =>
        ProcessRun.RunAsync(Path.Combine(Root, "lab"), [.. verb, "--dir", _directory.FullName], environment, VerbTimeout);

    private Dictionary<string, string> EnvironmentFile() => File.ReadLines(Path.Combine(_directory.FullName, "env"))
        .Select(line => line.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    private async Task<string> DescribeAsync()
    {
        var events = Witnessed().Where(line => line.Event != "alive").OrderBy(line => line.Time);
        var logs = Directory.EnumerateFiles(Path.Combine(_directory.FullName, "log")).Order(StringComparer.Ordinal)
            .Select(file => $"--- {Path.GetFileName(file)}\n{string.Join('\n', File.ReadLines(file).TakeLast(LogLinesShown))}");
        return $"""
            The API: {JsonSerializer.Serialize(await ClusterAsync(), JsonSerializerOptions.Web)}
            Witnessed: {string.Join("; ", events)}
            {string.Join('\n', logs)}
            """;
    }

    private static string FindRoot()
    {
        DirectoryInfo? place = new(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "lab")))
        {
            place = place.Parent;
        }

        return place?.FullName ?? throw new InvalidOperationException($"no ./lab above {AppContext.BaseDirectory}");
    }
}
