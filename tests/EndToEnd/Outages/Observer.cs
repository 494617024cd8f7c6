using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;

namespace Quorate.Tests.EndToEnd.Outages;

/// <summary>Looks at a lab with engines of its own from outside: what the API says, what the agents wrote, and what lies in broker and database.</summary>
public sealed class Observer(Lab lab) : IDisposable
{
    private const int AnswerSeconds = 60;
    private static readonly TimeSpan ToolTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(AnswerSeconds + 10) };

    /// <summary>What makes a lab start engines of its own, whatever the test run has.</summary>
    public static IReadOnlyDictionary<string, string?> OwnEngines { get; } = new Dictionary<string, string?>
    {
        ["QUORATE_LAB_RABBITMQ"] = null,
        ["QUORATE_LAB_RABBITMQCTL"] = null,
        ["QUORATE_LAB_POSTGRES"] = null,
    };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Orders something without waiting for it.</summary>
    /// <returns>The status: 202 when it was accepted.</returns>
    public async Task<HttpStatusCode> OrderAsync(Command command)
    {
        using HttpResponseMessage response = await PostAsync(command, "");
        return response.StatusCode;
    }

    /// <summary>What a command that was accepted came to; null while there is no answer.</summary>
    public async Task<string?> AnswerAsync(Command command)
    {
        using HttpResponseMessage response = await PostAsync(command, string.Create(CultureInfo.InvariantCulture, $"?wait={AnswerSeconds}"));
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict ? body.GetProperty("result").GetString() : null;
    }

    /// <summary>Every node with its state and the incarnation it is, by name.</summary>
    public async Task<IReadOnlyList<string>> LivesAsync()
    {
        ClusterView? cluster = null;
        await lab.WaitAsync("the API answers", async () => (cluster = await lab.ClusterAsync()) is not null, ToolTimeout);
        return [.. cluster!.Nodes.OrderBy(node => node.Name).Select(node => $"{node.Name} {node.State} {node.Incarnation}")]; // the condition above
    }

    /// <summary>The starts and stops that the agents wrote, oldest first.</summary>
    public IReadOnlyList<string> Doings() =>
        [.. lab.Witnessed().Where(line => line.Event is "start" or "stop").OrderBy(line => line.Time).Select(line => $"{line.Event} {line.Name} on {line.Node}")];

    /// <summary>The queues in which something lies that nobody could handle, with how much.</summary>
    /// <param name="broker">Which is asked.</param>
    public async Task<IReadOnlyList<string>> PutAsideAsync(string broker = "rabbitmq")
    {
        ProcessRun run = await ProcessRun.RunAsync(
            lab.FileCalled($"{broker}/rabbitmqctl"), ["-q", "--no-table-headers", "list_queues", "name", "messages"],
            OwnEngines, ToolTimeout);
        return [.. run.MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => (line.Contains("_error\t", StringComparison.Ordinal) || line.Contains("_dead\t", StringComparison.Ordinal)
                || line.Contains("_skipped\t", StringComparison.Ordinal)) && !line.EndsWith("\t0", StringComparison.Ordinal))];
    }

    /// <summary>Which broker leads a quorum queue.</summary>
    /// <param name="queue">Its name.</param>
    /// <param name="broker">Which is asked.</param>
    public async Task<string> LeaderAsync(string queue, string broker) => (await ColumnAsync(queue, "leader", broker)).Split('@')[0];

    /// <summary>How many brokers have a replica of a quorum queue that runs.</summary>
    /// <param name="queue">Its name.</param>
    /// <param name="broker">Which is asked.</param>
    public async Task<int> ReplicasAsync(string queue, string broker) => (await ColumnAsync(queue, "online", broker)).Split(',').Length;

    private async Task<string> ColumnAsync(string queue, string column, string broker)
    {
        ProcessRun run = await ProcessRun.RunAsync(
            lab.FileCalled($"{broker}/rabbitmqctl"), ["-q", "--no-table-headers", "list_queues", "name", column], OwnEngines, ToolTimeout);
        return run.MustSucceed().Output.Split('\n').Single(line => line.StartsWith($"{queue}\t", StringComparison.Ordinal)).Split('\t')[1];
    }

    /// <summary>A number from the database.</summary>
    public async Task<int> CountAsync(string query)
    {
        ProcessRun run = await ProcessRun.RunAsync(
            "/bin/bash",
            ["-c", "source \"$0\" && psql -X -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p \"$PORT_POSTGRES\" -U postgres -c \"$1\"", lab.FileCalled("settings"), query],
            OwnEngines, ToolTimeout);
        return int.Parse(run.MustSucceed().Output.Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>What <c>./lab status</c> says about the processes.</summary>
    public async Task<string> ProcessesAsync()
    {
        string output = (await Lab.RunScriptAsync(ToolTimeout, "status", "--dir", Path.GetDirectoryName(lab.FileCalled("env"))!)).MustSucceed().Output; // a file in it
        return output[output.IndexOf("Processes of the lab", StringComparison.Ordinal)..];
    }

    /// <summary>Waits until nothing is left to be sent.</summary>
    public Task OutboxesAreEmptyAsync(TimeSpan bound) => lab.WaitAsync(
        "the outboxes are empty",
        async () => await CountAsync("SELECT (SELECT COUNT(*) FROM scheduler_outbox) + (SELECT COUNT(*) FROM quorum_outbox)") == 0,
        bound);

    /// <summary>Lets time pass: the length of an outage.</summary>
    public static async Task LastAsync(TimeSpan length)
    {
        using PeriodicTimer end = new(length);
        await end.WaitForNextTickAsync();
    }

    /// <summary>To whichever scheduler answers; both carry out one request once.</summary>
    private async Task<HttpResponseMessage> PostAsync(Command command, string query)
    {
        HttpRequestException? silence = null;
        foreach (string address in lab.Schedulers)
        {
            try
            {
                return await _client.PostAsJsonAsync(
                    $"{address}/api/services/{command.Service}/{command.Verb}{query}", new { requestId = command.RequestId });
            }
            catch (HttpRequestException failure)
            {
                silence = failure;
            }
        }

        throw silence ?? new HttpRequestException("the lab has no address");
    }
}
