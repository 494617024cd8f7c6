using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts.V1;
using Quorate.Hosting.Settings;

namespace Quorate.Executor.Service.Leases;

/// <summary>The second path of heartbeats: HTTP straight to every quorum replica, so that a broker's restart costs no lease.</summary>
internal sealed class QuorumEndpoints : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _client;
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly string? _tokenFile;
    private volatile AuthenticationHeaderValue? _token;

    /// <param name="addresses">Base addresses; may be empty.</param>
    /// <param name="tokenFile">Holds the token that the replicas ask for; null sends none.</param>
    /// <exception cref="SettingsException">The file cannot be read.</exception>
    public QuorumEndpoints(IReadOnlyList<Uri> addresses, string? tokenFile = null)
    {
        _tokenFile = tokenFile;
        _token = ReadToken(tokenFile);
        _addresses = [.. addresses.Select(address => new Uri(address.AbsoluteUri.TrimEnd('/') + "/heartbeats"))];
        _client = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1), UseProxy = false })
        {
            // Each call has its own, shorter bound.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <summary>Sends one heartbeat to every replica at once and gives each answer as it comes.</summary>
    /// <param name="heartbeat">What to send.</param>
    /// <param name="patience">How long to wait for each.</param>
    /// <param name="answered">Called for every answer, from any thread.</param>
    /// <returns>One sentence for each replica that gave none.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(
        NodeHeartbeat heartbeat, TimeSpan patience, Action<HeartbeatAnswer> answered, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        string?[] problems = await Task.WhenAll(_addresses.Select(address => SendToAsync(address, heartbeat, answered, limit.Token)));
        cancellation.ThrowIfCancellationRequested();
        return [.. problems.OfType<string>()];
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<string?> SendToAsync(Uri address, NodeHeartbeat heartbeat, Action<HeartbeatAnswer> answered, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = JsonContent.Create(heartbeat, options: Json) };
            request.Headers.Authorization = _token;
            using HttpResponseMessage response = await _client.SendAsync(request, cancellation);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                return RefusedBy(address, response.StatusCode);
            }

            if (!response.IsSuccessStatusCode)
            {
                return $"{address} answered {(int)response.StatusCode}";
            }

            HeartbeatAnswer? answer = await response.Content.ReadFromJsonAsync<HeartbeatAnswer>(Json, cancellation);
            if (answer is null || answer.Node != heartbeat.Node || answer.Incarnation != heartbeat.Incarnation)
            {
                return $"{address} answered for somebody else";
            }

            answered(answer);
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or OperationCanceledException)
        {
            return $"{address}: {(failure is OperationCanceledException ? "no answer in time" : failure.Message)}";
        }
    }

    /// <summary>The token may have been replaced: the next heartbeat takes what the file holds now. Read only then, so that no hung disk holds up a heartbeat.</summary>
    private string RefusedBy(Uri address, HttpStatusCode status)
    {
        string said = $"{address} answered {(int)status}: Quorate:TokenFile must name a file with a token of role node that counts there";
        try
        {
            _token = ReadToken(_tokenFile);
            return said;
        }
        catch (SettingsException failure)
        {
            return $"{said}, and {failure.Message}";
        }
    }

    private static AuthenticationHeaderValue? ReadToken(string? file) =>
        file is null ? null : new AuthenticationHeaderValue("Bearer", SecretFile.Read(file));
}
