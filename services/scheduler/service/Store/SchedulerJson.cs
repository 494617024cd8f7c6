using System.Text.Json;
using Quorate.Contracts;

namespace Quorate.Scheduler.Service.Store;

/// <summary>How documents look in our tables: camel case, as on every other interface.</summary>
internal static class SchedulerJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>A state as text, as it stands in every interface.</summary>
    public static string TextOf(ServiceState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
