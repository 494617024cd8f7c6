using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Running;

/// <summary>Posts commands to whichever scheduler answers.</summary>
internal sealed class SchedulerDoor : IDisposable
{
    /// <summary>How long one post waits for the answer; it is then asked again.</summary>
    private const int WaitSeconds = 3;

    private static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(WaitSeconds + 5);

    private readonly HttpClient _client = new() { Timeout = PostTimeout };

    /// <summary>Posts a command once.</summary>
    /// <returns>The operation, if it was accepted; the result, if it is answered; neither where nobody answered.</returns>
    public async Task<(string? Operation, ResultCode? Result)> PostAsync(string address, Order order, CancellationToken ct)
    {
        try
        {
            using HttpResponseMessage response = await _client.PostAsJsonAsync(
                $"{address}/api/services/{order.Service}/{order.Verb}?wait={WaitSeconds}", new { order.Node, order.RequestId }, ct);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.Conflict))
            {
                return (null, null);
            }

            JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            string operation = body.GetProperty("operation").GetString() ?? "";
            ResultCode? result = body.TryGetProperty("code", out JsonElement code) ? (ResultCode)code.GetInt32() : null;
            return (operation.Length == 0 ? null : operation, result);
        }
        catch (Exception silence) when (silence is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (null, null);
        }
    }

    public void Dispose() => _client.Dispose();
}
