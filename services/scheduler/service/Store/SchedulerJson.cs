using System.Text.Json;
using Quorate.Contracts;

namespace Quorate.Scheduler.Service.Store;

/// <summary>How documents look in our tables: camel case, as on every other interface.</summary>
internal static class SchedulerJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>A text from outside as a column can hold it: agents print what they like, and PostgreSQL keeps no NUL.</summary>
    public static string Storable(string text) => text.Replace('\0', '\uFFFD');

    /// <summary>A state as text, as it stands in every interface.</summary>
    public static string TextOf(ServiceState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
