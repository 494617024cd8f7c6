using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Api;

/// <summary>Asks a running cluster over HTTP.</summary>
/// <remarks>
/// The schedulers are equal, so an address that cannot be reached is passed over for the next one. That is safe for commands
/// too: they carry a request id, and the same id is never carried out twice.
/// </remarks>
internal sealed partial class ClusterApi : IDisposable
{
    private const int ExcerptCharactersMax = 300;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A stream of events that has nothing to tell says so every 15 s.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(45);

    /// <summary>Queues may be long, and callers take turns at them.</summary>
    private static readonly TimeSpan QueuesTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client;
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly AuthenticationHeaderValue? _token;

    /// <param name="addresses">At least one, in the order in which they are tried.</param>
    /// <param name="handler">What carries the requests; the caller's tests put their own here.</param>
    /// <param name="token">Shown with each request; null shows none.</param>
    public ClusterApi(IReadOnlyList<Uri> addresses, HttpMessageHandler handler, string? token = null)
    {
        _addresses = addresses;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _token = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The cluster that the environment points to.</summary>
    /// <exception cref="NoAnswerException">No address is known, or there is no token where one should be.</exception>
    public static ClusterApi FromEnvironment() => new(
        ApiAddress.Find(Environment.GetEnvironmentVariable, Environment.CurrentDirectory),
        new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseProxy = false },
        ApiToken.Find(Environment.GetEnvironmentVariable));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The whole cluster as one scheduler sees it.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is not a cluster.</exception>
    public async Task<ClusterView> GetClusterAsync(CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "api/cluster", null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Unexpected(response, body);
        }

        return Read(body, ApiJson.Default.ClusterView, response);
    }

    /// <summary>The last transitions of a service, oldest first; null when there is no such service.</summary>
    /// <param name="service">Which.</param>
    /// <param name="last">How many.</param>
    /// <param name="before">Only those before the one of this id; null for the newest.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public Task<IReadOnlyList<TransitionView>?> GetHistoryAsync(ServiceName service, int last, long? before, CancellationToken cancellation) => FindAsync(
        string.Create(CultureInfo.InvariantCulture, $"api/services/{Uri.EscapeDataString(service.Value)}/history?last={last}{(before is { } oldest ? $"&before={oldest}" : "")}"),
        ApiJson.Default.IReadOnlyListTransitionView,
        cancellation);

    /// <summary>What the planner thinks of a service; null when there is no such service.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such view.</exception>
    public Task<PlacementView?> GetWhyAsync(ServiceName service, CancellationToken cancellation) =>
        FindAsync($"api/services/{Uri.EscapeDataString(service.Value)}/why", ApiJson.Default.PlacementView, cancellation);

    private async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellation) where T : class
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, AnswerTimeout, cancellation);
        return await FoundAsync(response, shape, cancellation);
    }

    private static async Task<T?> FoundAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> shape, CancellationToken cancellation) where T : class
    {
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => Read(body, shape, response),
            HttpStatusCode.NotFound => null,
            _ => throw Unexpected(response, body),
        };
    }

    /// <summary>The last events, oldest first.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public async Task<IReadOnlyList<EventView>> GetEventsAsync(ServiceName? service, int last, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, EventsPath(service, last), null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK ? Read(body, ApiJson.Default.IReadOnlyListEventView, response) : throw Unexpected(response, body);
    }

    /// <summary>Events as they happen; an item without one says only how far all was told. The stream ends when the other end goes away, or has been silent for longer than it ever is.</summary>
    /// <param name="service">About this one; null for all.</param>
    /// <param name="last">How many of those before to begin with; of no meaning with <paramref name="after"/>.</param>
    /// <param name="after">The id of the last one heard; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such stream.</exception>
    public async IAsyncEnumerable<SseItem<EventView?>> FollowEventsAsync(
        ServiceName? service, int last, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get, EventsPath(service, last), null, AnswerTimeout, cancellation, HttpCompletionOption.ResponseHeadersRead, headers =>
            {
                headers.Accept.ParseAdd("text/event-stream");
                if (after is not null)
                {
                    headers.Add("Last-Event-ID", after);
                }
            });
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Unexpected(response, await response.Content.ReadAsStringAsync(cancellation));
        }

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        SseParser<EventView?> parser = SseParser.Create(stream, static (_, data) => data.IsEmpty ? null : JsonSerializer.Deserialize(data, ApiJson.Default.EventView));
        await using IAsyncEnumerator<SseItem<EventView?>> items = parser.EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        while (await HasNextAsync(items, patience, cancellation))
        {
            yield return items.Current;
        }
    }

    private static async Task<bool> HasNextAsync(IAsyncEnumerator<SseItem<EventView?>> items, CancellationTokenSource patience, CancellationToken cancellation)
    {
        patience.CancelAfter(SilenceMax);
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or JsonException || (broken is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private static string EventsPath(ServiceName? service, int last) => string.Create(
        CultureInfo.InvariantCulture, $"api/events?last={last}{(service is { } name ? $"&service={Uri.EscapeDataString(name.Value)}" : "")}");

    /// <summary>What fence agents came to, oldest first.</summary>
    /// <param name="node">Of this node; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public async Task<IReadOnlyList<FenceAttempted>> GetFencingAsync(string? node, CancellationToken cancellation)
    {
        string query = node is null ? string.Empty : $"?node={Uri.EscapeDataString(node)}";
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"api/fencing{query}", null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK
            ? Read(body, ApiJson.Default.IReadOnlyListFenceAttempted, response)
            : throw Unexpected(response, body);
    }

    /// <summary>What the quorum replicas say about the database.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such view.</exception>
    public async Task<ArbiterView> GetArbiterAsync(CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "api/arbiter", null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK ? Read(body, ApiJson.Default.ArbiterView, response) : throw Unexpected(response, body);
    }

    /// <summary>Takes a database that went back for the truth.</summary>
    public Task<CommandReply> AcceptArbiterAsync(ArbiterRequest request, TimeSpan? wait, CancellationToken cancellation) => PostAsync(
        "api/arbiter/accept", ResultCode.Fail, JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ArbiterRequest), wait, cancellation);

    /// <summary>The queues, and what is parked.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public async Task<QueuesView> GetQueuesAsync(CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "api/queues", null, QueuesTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK ? Read(body, ApiJson.Default.QueuesView, response) : throw Unexpected(response, body);
    }

    /// <summary>One parked message with its body; null when there is none of that id.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such message.</exception>
    public async Task<ParkedMessageView?> GetParkedAsync(string id, CancellationToken cancellation)
    {
        using HttpResponseMessage response =
            await SendAsync(HttpMethod.Get, $"api/queues/{Uri.EscapeDataString(id)}", null, QueuesTimeout, cancellation);
        return await FoundAsync(response, ApiJson.Default.ParkedMessageView, cancellation);
    }

    /// <summary>Puts a parked message back where it failed, or removes it for good.</summary>
    /// <returns>What was done; null when there is none of that id.</returns>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such answer.</exception>
    public Task<ParkedActionView?> SettleAsync(string id, bool isReplay, CancellationToken cancellation) =>
        SettleAsync($"api/queues/{Uri.EscapeDataString(id)}/{(isReplay ? "replay" : "drop")}", cancellation);

    /// <summary>Puts all parked messages back where they failed.</summary>
    /// <param name="queue">Those of this queue; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What was done; null when there is no such queue.</returns>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such answer.</exception>
    public Task<ParkedActionView?> ReplayAllAsync(string? queue, CancellationToken cancellation) =>
        SettleAsync($"api/queues/replay{(queue is null ? "" : $"?queue={Uri.EscapeDataString(queue)}")}", cancellation);

    private async Task<ParkedActionView?> SettleAsync(string path, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, [], QueuesTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Conflict => Read(body, ApiJson.Default.ParkedActionView, response),
            HttpStatusCode.NotFound => null,
            _ => throw Unexpected(response, body),
        };
    }

    /// <summary>Orders something for one service.</summary>
    /// <param name="verb"><c>enable</c>, <c>disable</c>, <c>stop</c>, <c>restart</c> or <c>relocate</c>.</param>
    /// <param name="wait">How long the cluster may take before it answers; null to be told only that it was accepted.</param>
    public Task<CommandReply> OrderAsync(
        ServiceName service, string verb, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync($"api/services/{Uri.EscapeDataString(service.Value)}/{verb}", ResultCode.NoService, request, wait, cancellation);

    /// <summary>Tells the cluster that a lost node runs nothing any more.</summary>
    public Task<CommandReply> AcknowledgeFenceAsync(
        NodeName node, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync($"api/nodes/{Uri.EscapeDataString(node.Value)}/acknowledge-fence", ResultCode.NoNode, request, wait, cancellation);

    /// <summary>Has a node cut off by its fence devices.</summary>
    public Task<CommandReply> FenceAsync(NodeName node, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync($"api/nodes/{Uri.EscapeDataString(node.Value)}/fence", ResultCode.NoNode, request, wait, cancellation);

    /// <summary>Switches maintenance of the whole cluster.</summary>
    public Task<CommandReply> SetMaintenanceAsync(bool isOn, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync($"api/maintenance/{(isOn ? "on" : "off")}", ResultCode.Invalid, request, wait, cancellation);

    /// <summary>Locks or unlocks the cluster.</summary>
    public Task<CommandReply> SetLockAsync(bool isOn, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync($"api/lock/{(isOn ? "on" : "off")}", ResultCode.Invalid, request, wait, cancellation);

    /// <summary>Takes a node out of use, or puts it back.</summary>
    public Task<CommandReply> SetDrainAsync(NodeName node, bool isOn, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync($"api/nodes/{Uri.EscapeDataString(node.Value)}/{(isOn ? "drain" : "undrain")}", ResultCode.NoNode, request, wait, cancellation);

    /// <summary>The last occurrences of a message in this cluster, oldest first.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public async Task<IReadOnlyList<MessageView>> GetMessagesAsync(int number, int last, CancellationToken cancellation)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"api/messages?number={number}&last={last}");
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK ? Read(body, ApiJson.Default.IReadOnlyListMessageView, response) : throw Unexpected(response, body);
    }

    /// <summary>Puts a configuration into force; answered at once, by what it changes or why it is refused.</summary>
    public Task<CommandReply> ApplyConfigurationAsync(ApplyConfiguration request, CancellationToken cancellation) =>
        PostAsync("api/config", ResultCode.Invalid, JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ApplyConfiguration), null, cancellation);

    /// <summary>One configuration with its text; null when that version was never in force.</summary>
    /// <param name="version">Null for the one in force.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no configuration.</exception>
    public Task<ConfigurationView?> GetConfigurationAsync(int? version, CancellationToken cancellation) => FindAsync(
        $"api/config{(version is { } number ? string.Create(CultureInfo.InvariantCulture, $"?version={number}") : string.Empty)}",
        ApiJson.Default.ConfigurationView,
        cancellation);

    /// <summary>Every configuration that was in force, newest first, without texts.</summary>
    /// <exception cref="NoAnswerException">Nobody answered, or what came is no such list.</exception>
    public async Task<IReadOnlyList<ConfigurationView>> GetConfigurationsAsync(CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "api/config/history", null, AnswerTimeout, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode == HttpStatusCode.OK ? Read(body, ApiJson.Default.IReadOnlyListConfigurationView, response) : throw Unexpected(response, body);
    }

    private Task<CommandReply> PostAsync(
        string path, ResultCode unknown, CommandRequest request, TimeSpan? wait, CancellationToken cancellation) =>
        PostAsync(path, unknown, JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.CommandRequest), wait, cancellation);

    private async Task<CommandReply> PostAsync(string path, ResultCode unknown, byte[] body, TimeSpan? wait, CancellationToken cancellation)
    {
        string query = wait is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"?wait={seconds.TotalSeconds:0.###}") : string.Empty;
        using HttpResponseMessage response =
            await SendAsync(HttpMethod.Post, path + query, body, (wait ?? TimeSpan.Zero) + AnswerTimeout, cancellation);
        string text = await response.Content.ReadAsStringAsync(cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Accepted => Read(text, ApiJson.Default.CommandReply, response),
            HttpStatusCode.NotFound => Refusal(text, unknown),
            HttpStatusCode.Conflict => Refusal(text, ResultCode.Fail),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => Refusal(text, ResultCode.Invalid),
            _ => throw Unexpected(response, text),
        };
    }

    /// <summary>A refusal has its result and reasons, or problem details; a plain one (a proxy's, a router's) is shown as it is.</summary>
    private static CommandReply Refusal(string text, ResultCode otherwise)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, ApiJson.Default.CommandReply) is { Result: not null } reply)
            {
                return reply;
            }
        }
        catch (JsonException)
        {
            // Shown below as it came.
        }

        string said = Said(text);
        return new CommandReply { Result = otherwise, Code = (int)otherwise, Reasons = said.Length > 0 ? [Excerpt(said)] : [] };
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body, TimeSpan timeout, CancellationToken cancellation,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, Action<HttpRequestHeaders>? prepare = null)
    {
        List<string> tried = [];
        foreach (Uri address in _addresses)
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bound.CancelAfter(timeout);
            using HttpRequestMessage request = new(method, $"{address.AbsoluteUri.TrimEnd('/')}/{path}");
            request.Headers.Authorization = _token;
            prepare?.Invoke(request.Headers);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            try
            {
                HttpResponseMessage response = await _client.SendAsync(request, completion, bound.Token);
                await AccessRefusedException.ThrowIfRefusedAsync(response, _token is not null, bound.Token);
                return response;
            }
            catch (HttpRequestException unreachable)
            {
                tried.Add($"{address.AbsoluteUri.TrimEnd('/')} ({unreachable.Message})");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                tried.Add(string.Create(CultureInfo.InvariantCulture, $"{address.AbsoluteUri.TrimEnd('/')} (silent for {timeout.TotalSeconds:0} s)"));
            }
        }

        throw new NoAnswerException($"no answer from {string.Join(", ", tried)}; is a scheduler running there? {ApiAddress.Variable} says where to ask");
    }

    private static T Read<T>(string body, JsonTypeInfo<T> shape, HttpResponseMessage response)
    {
        try
        {
            return JsonSerializer.Deserialize(body, shape) ?? throw Unexpected(response, body);
        }
        catch (JsonException malformed)
        {
            throw new NoAnswerException($"{response.RequestMessage?.RequestUri} answered with something else than expected: {malformed.Message}", malformed);
        }
    }

    private static NoAnswerException Unexpected(HttpResponseMessage response, string body) =>
        new($"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}: {Excerpt(Said(body))}");

    /// <summary>The sentence of problem details; anything else as it came.</summary>
    internal static string Said(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Default.CommandReply)?.Detail ?? body.Trim();
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }

    internal static string Excerpt(string text) => text.Length <= ExcerptCharactersMax ? text : text[..ExcerptCharactersMax] + "...";
}
