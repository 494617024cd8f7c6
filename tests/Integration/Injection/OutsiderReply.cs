using System.Text.Json;

namespace Quorate.Tests.Integration.Injection;

/// <summary>An answer as a foreign program gets it.</summary>
internal sealed record OutsiderReply(string Type, string? CorrelationId, string ContentType, JsonElement Body)
{
    public string RequestId => Body.GetProperty("requestId").GetString()!; // an answer always has one

    public string Result => Body.GetProperty("result").GetString()!; // and a result

    public bool IsRefused => Body.GetProperty("isRefused").GetBoolean();

    public string Reason => string.Join("; ", Body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
}
