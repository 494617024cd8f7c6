using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;

namespace Quorate.Cli.Config;

/// <summary>The difference between two configurations as a person or a program reads it.</summary>
internal static class ConfigDiffOutput
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Services first, each with its operations in order, then all that stops and starts nothing.</summary>
    public static string Text(ClusterConfiguration before, ClusterConfiguration after, ConfigurationDelta delta)
    {
        List<string> lines = [string.Create(CultureInfo.InvariantCulture, $"version {before.Version} to {after.Version}{Advice(before, after)}")];
        foreach (ServiceDelta service in delta.Services)
        {
            lines.Add($"{service.Name} {Words(service)}: {service.Reason}");
            lines.AddRange(service.Down.Concat(Up(service)).Select(operation => $"  {Word(operation.Kind)} {operation.Node.Label}: {operation.Reason}"));
        }

        lines.AddRange(delta.Elements.Select(element => $"{element.Element} is {Word(element.Kind)}: {element.Reason}"));
        if (delta.IsEmpty)
        {
            lines.Add("nothing would stop, start or be reconfigured");
        }

        return string.Join(Environment.NewLine, lines.Select(OnOneLine));
    }

    /// <summary>
    /// <c>{"oldVersion", "newVersion", "services": [{"name", "change", "reason", "leftRunning", "down": [{"resource", "action", "reason"}],
    /// "up": [...]}], "elements": [{"element", "change", "reason"}]}</c>.
    /// </summary>
    public static string Json(ClusterConfiguration before, ClusterConfiguration after, ConfigurationDelta delta)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("oldVersion", before.Version);
            writer.WriteNumber("newVersion", after.Version);
            writer.WriteStartArray("services");
            foreach (ServiceDelta service in delta.Services)
            {
                writer.WriteStartObject();
                writer.WriteString("name", service.Name.Value);
                writer.WriteString("change", service.Kind.ToString().ToLowerInvariant());
                writer.WriteString("reason", service.Reason);
                writer.WriteBoolean("leftRunning", service is { IsLeftRunning: true, Down.IsEmpty: true });
                Write(writer, "down", service.Down);
                Write(writer, "up", Up(service));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("elements");
            foreach (ElementDelta element in delta.Elements)
            {
                writer.WriteStartObject();
                writer.WriteString("element", element.Element);
                writer.WriteString("change", Word(element.Kind));
                writer.WriteString("reason", element.Reason);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Source: issue 4, deliverable 5: a version must grow to be applied.</summary>
    private static string Advice(ClusterConfiguration before, ClusterConfiguration after) =>
        after.Digest != before.Digest && after.Version <= before.Version ? ": raise config_version, or the new configuration cannot be applied" : "";

    private static void Write(Utf8JsonWriter writer, string phase, IEnumerable<ResourceOperation> operations)
    {
        writer.WriteStartArray(phase);
        foreach (ResourceOperation operation in operations)
        {
            writer.WriteStartObject();
            writer.WriteString("resource", operation.Node.Label);
            writer.WriteString("action", Word(operation.Kind));
            writer.WriteString("reason", operation.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string OnOneLine(string line) => string.Concat(line.Select(letter => char.IsControl(letter) ? ' ' : letter));

    /// <summary>What starts because of the change; what starts only when somebody enables it would promise an outage of another kind.</summary>
    private static IEnumerable<ResourceOperation> Up(ServiceDelta service) => service.WaitsForEnable ? [] : service.Up;

    private static string Words(ServiceDelta service) => service switch
    {
        { WaitsForEnable: true } => "is added, not started",
        { Kind: ServiceDeltaKind.Added } => "is added",
        { Kind: ServiceDeltaKind.Removed } => "is removed",
        { Kind: ServiceDeltaKind.Replaced, Down.IsEmpty: true } => "is changed",
        { Kind: ServiceDeltaKind.Replaced } => "stops and is placed anew",
        _ => "is adjusted",
    };

    private static string Word(OperationKind kind) => kind.ToString().ToLowerInvariant();

    private static string Word(DeltaKind kind) => kind.ToString().ToLowerInvariant();
}
