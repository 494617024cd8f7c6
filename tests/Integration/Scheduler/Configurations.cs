using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Configurations after the one a scheduler was started with: as files, put into force over HTTP, and read back.</summary>
internal static class Configurations
{
    /// <summary>The file of the test's three nodes in a later version.</summary>
    public static string Text(int version, params string[] services) => SchedulerCluster.Configuration(SchedulerCluster.Rm(services))
        .Replace("config_version=\"1\"", $"config_version=\"{version}\"", StringComparison.Ordinal);

    /// <summary>Posts the file itself.</summary>
    public static async Task<Reply> ApplyAsync(this SchedulerReplica replica, string text, string? requestId = null)
    {
        using StringContent body = new(text, Encoding.UTF8, "application/xml");
        return await PostAsync(replica, body, requestId);
    }

    /// <summary>Posts JSON of any shape.</summary>
    public static async Task<Reply> ApplyJsonAsync(this SchedulerReplica replica, object content)
    {
        using JsonContent body = JsonContent.Create(content);
        return await PostAsync(replica, body, requestId: null);
    }

    /// <summary>The one in force, or an earlier one.</summary>
    public static async Task<ConfigurationView> ConfigurationAsync(this SchedulerReplica replica, int? version = null) =>
        (await replica.Http.GetFromJsonAsync<ConfigurationView>($"/api/config{(version is { } number ? $"?version={number}" : "")}", JsonSerializerOptions.Web))!; // it has one

    /// <summary>All that were in force.</summary>
    public static async Task<IReadOnlyList<ConfigurationView>> ConfigurationHistoryAsync(this SchedulerReplica replica, string query = "") =>
        (await replica.Http.GetFromJsonAsync<List<ConfigurationView>>($"/api/config/history{query}", JsonSerializerOptions.Web))!; // it has one

    private static async Task<Reply> PostAsync(SchedulerReplica replica, HttpContent body, string? requestId)
    {
        using HttpResponseMessage response = await replica.Http.PostAsync(
            new Uri($"/api/config{(requestId is null ? "" : $"?requestId={Uri.EscapeDataString(requestId)}")}", UriKind.Relative), body);
        return await Reply.ReadAsync(response);
    }
}
