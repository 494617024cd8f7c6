using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What a scheduler says would happen, asked over HTTP.</summary>
internal static class Futures
{
    public static async Task<SimulationView> SimulateAsync(this SchedulerReplica replica, object question)
    {
        using HttpResponseMessage response = await replica.Http.PostAsJsonAsync("/api/simulate", question);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize<SimulationView>(body, JsonSerializerOptions.Web)!; // it is one
    }

    /// <summary>The status and the sentence of a question that is not answered.</summary>
    public static async Task<(HttpStatusCode Status, string Detail)> SimulateBadlyAsync(this SchedulerReplica replica, string body)
    {
        using StringContent content = new(body);
        using HttpResponseMessage response = await replica.Http.PostAsync(new Uri("/api/simulate", UriKind.Relative), content);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, problem.RootElement.GetProperty("detail").GetString() ?? "");
    }

    /// <summary>What becomes of one service, and where.</summary>
    public static string Of(this SimulationView view, string service) =>
        view.Services.Single(told => told.Name == ServiceName.Parse(service)) is var found ? $"{found.Action} {found.Node}".TrimEnd() : "";
}
