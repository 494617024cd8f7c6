using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Injection;

/// <summary>
/// Bodies of every kind, by AMQP and by HTTP: no crash, every refusal has a reason, and the valid commands between them are carried out.
/// <c>QUORATE_FUZZ=N</c> sends N by each way, <c>QUORATE_FUZZ_SEED</c> other ones.
/// </summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_bodies_are_fuzzed(RealEngines servers) : A_scheduler(servers)
{
    private const int BodiesDefault = 10_000;
    private const int BetweenValid = 100;
    private const int HttpAtATime = 8;
    private const int NamedMax = 20;
    private const int ShownMax = 200;

    private static readonly TimeSpan PatienceEach = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PatienceLeast = TimeSpan.FromSeconds(30);

    private static readonly string[] Commands =
    [
        "EnableService", "DisableService", "StopService", "RestartService", "RelocateService", "MigrateService", "FreezeService",
        "UnfreezeService", "ConvalesceService", "ConfirmServiceStopped", "UnparkService", "ApplyConfiguration",
    ];

    private static readonly string[] ContentTypes =
        ["application/json", "application/json", "application/json", "application/vnd.masstransit+json", "text/plain", "application/xml", "", "///"];

    private static readonly string[] Verbs =
        ["enable", "disable", "stop", "stop-hold", "restart", "relocate", "migrate", "freeze", "unfreeze", "convalesce", "unpark", "nosuch"];

    private static int Bodies => int.TryParse(Environment.GetEnvironmentVariable("QUORATE_FUZZ"), CultureInfo.InvariantCulture, out int wanted) ? wanted : BodiesDefault;

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("QUORATE_FUZZ_SEED"), CultureInfo.InvariantCulture, out int wanted) ? wanted : 11;

    [Fact]
    public async Task By_AMQP_each_gets_an_answer_and_no_valid_command_is_lost()
    {
        await BeginAsync();
        await using Outsider outsider = await Outsider.ConnectAsync(Cluster.Engines.Options.Bus, Cluster.Engines.Options.BusPrefix);
        Mutant mutant = new(Seed);
        int bodies = Bodies;
        Dictionary<string, string> sent = [];

        for (int index = 0; index < bodies; index++)
        {
            string id = $"f{index}";
            bool isValid = index % BetweenValid == 0;
            byte[] body = isValid ? JsonSerializer.SerializeToUtf8Bytes(new { requestId = id, service = "web" }) : mutant.Next(id);
            string contentType = isValid ? "application/json" : mutant.One(ContentTypes);
            string exchange = isValid ? "RestartService" : mutant.One(Commands);
            sent[id] = $"{exchange} {contentType} {Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(body.Length, ShownMax)))}";
            await outsider.PublishAsync(exchange, body, message =>
            {
                message.CorrelationId = id;
                message.ContentType = contentType;
            });
        }

        Dictionary<string, OutsiderReply> replies = await RepliesAsync(outsider, sent);
        Assert.All(replies.Values.Where(reply => reply.IsRefused), reply => Assert.NotEmpty(reply.Reason));
        for (int index = 0; index < bodies; index += BetweenValid)
        {
            Assert.False(string.IsNullOrEmpty(replies[$"f{index}"].Body.GetProperty("operation").GetString()), $"f{index}: {replies[$"f{index}"].Body}");
        }
        Assert.Empty(Cluster.Faults);
        Assert.Equal(0, await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_service WHERE parked IS NOT NULL"));
    }

    [Fact]
    public async Task By_HTTP_none_is_an_error_of_ours_and_each_refusal_has_a_reason()
    {
        await BeginAsync();
        int bodies = Bodies;
        ConcurrentBag<string> wrong = [];

        await Parallel.ForEachAsync(Enumerable.Range(0, bodies), new ParallelOptions { MaxDegreeOfParallelism = HttpAtATime }, async (index, ct) =>
        {
            Mutant mutant = new(Seed + index);
            string service = Uri.EscapeDataString(mutant.One(["web", "service:db", "nosuch", "a/b", "\u00e9"]));
            using HttpRequestMessage request = new(HttpMethod.Post, mutant.Once(20) ? "/api/config" : $"/api/services/{service}/{mutant.One(Verbs)}");
            request.Content = new ByteArrayContent(mutant.Next($"h{index}"));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", mutant.One(ContentTypes));
            using HttpResponseMessage response = await Cluster.First.Http.SendAsync(request, ct);
            string answer = await response.Content.ReadAsStringAsync(ct);
            bool isTaken = response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK;
            if ((int)response.StatusCode >= 500 || (!isTaken && !HasReason(answer)))
            {
                wrong.Add($"{index}: {request.RequestUri} -> {(int)response.StatusCode} {answer}");
            }
        });

        Assert.Empty(wrong);
        Assert.Empty(Cluster.Faults);
        await Cluster.SettleAsync("service:web");
    }

    private async Task BeginAsync()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="db" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", Quorate.Contracts.ServiceState.Started, "n1");
    }

    /// <summary>Exactly one for each body, however long the last takes.</summary>
    private async Task<Dictionary<string, OutsiderReply>> RepliesAsync(Outsider outsider, Dictionary<string, string> sent)
    {
        Dictionary<string, OutsiderReply> replies = [];
        TimeSpan patience = PatienceLeast + (PatienceEach * sent.Count);
        await Eventually.HoldsAsync(() => $"all {sent.Count} are answered, but not {Missing(replies, sent)}", () =>
        {
            while (outsider.TryNext(out OutsiderReply? reply))
            {
                Assert.True(replies.TryAdd(reply.CorrelationId!, reply), $"{reply.CorrelationId} was answered twice");
            }
            Cluster.Time.Advance(TimeSpan.FromMilliseconds(100));
            return replies.Count == sent.Count;
        }, patience);
        return replies;
    }

    private static string Missing(Dictionary<string, OutsiderReply> replies, Dictionary<string, string> sent) => string.Join(
        '\n', sent.Where(one => !replies.ContainsKey(one.Key)).Take(NamedMax).Select(one => $"{one.Key} {one.Value}"));

    private static bool HasReason(string answer)
    {
        try
        {
            JsonElement body = JsonSerializer.Deserialize<JsonElement>(answer);
            return (body.TryGetProperty("detail", out JsonElement detail) && detail.GetString() is { Length: > 0 })
                || (body.TryGetProperty("reasons", out JsonElement reasons) && reasons.GetArrayLength() > 0);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
