using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quorate.Cli.Api;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Messages;

/// <summary><c>quorate messages</c> and <c>quorate explain</c>: every numbered message, without a cluster.</summary>
/// <remarks>Source: the catalogue of the original's numbers, 1 to 75, and our own from 1000.</remarks>
internal static class MessagesCommand
{
    private const int OccurrencesShown = 5;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>quorate messages [--json]</c>.</summary>
    public static Command Messages()
    {
        Option<bool> json = new("--json") { Description = "Print all of every message as JSON and nothing else." };
        Command messages = new("messages", "List every numbered message. See what to do about one: quorate explain NUMBER.") { json };
        messages.SetAction(parsed =>
        {
            Console.Out.WriteLine(parsed.GetValue(json) ? Json(MessageCatalogue.All) : string.Join(Environment.NewLine, MessageCatalogue.All.Select(Line)));
            return ExitCode.Done;
        });
        return messages;
    }

    /// <summary><c>quorate explain NUMBER</c>.</summary>
    public static Command Explain()
    {
        Argument<string> number = new("NUMBER") { Description = "The number after '#', such as 33 or '#33'." };
        Command explain = new("explain", "Say what a numbered message means, why it happens and what to do.") { number };
        explain.SetAction(async (parsed, cancellation) =>
        {
            string typed = parsed.GetRequiredValue(number);
            if (Find(typed) is not [_, ..] found)
            {
                await Console.Error.WriteLineAsync($"quorate: there is no message {typed}; quorate messages lists them");
                return ExitCode.Refused;
            }

            await Console.Out.WriteLineAsync(string.Join(Environment.NewLine + Environment.NewLine, found.Select(Text)));
            await Console.Out.WriteLineAsync($"{Environment.NewLine}{await OccurrencesAsync(found[0].Number, cancellation)}");
            return ExitCode.Done;
        });
        return explain;
    }

    /// <summary>When it came last in this cluster. Without a cluster the explanation is worth as much.</summary>
    private static async Task<string> OccurrencesAsync(int number, CancellationToken cancellation)
    {
        try
        {
            using ClusterApi api = ClusterApi.FromEnvironment();
            return Occurrences(await api.GetMessagesAsync(number, OccurrencesShown, cancellation));
        }
        catch (NoAnswerException silence)
        {
            return $"When it came last is not known: {silence.Message}";
        }
    }

    /// <summary>The last occurrences as a person reads them, oldest first.</summary>
    public static string Occurrences(IReadOnlyList<MessageView> messages) => messages.Count == 0
        ? "It has not been raised in this cluster, as far as that is kept."
        : string.Join(Environment.NewLine, messages.Select(message =>
            $"{message.At.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {message.Component}{(message.Node is { } node ? $" {node}" : "")}  {message.Text}").Prepend("Last in this cluster:"));

    /// <summary>The messages of a number as a person types it; none where it is no number or nobody has it.</summary>
    public static IReadOnlyList<MessageDefinition> Find(string typed) =>
        int.TryParse(typed.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? MessageCatalogue.Find(number)
            : [];

    /// <summary>One message on one line: severity, number, wording.</summary>
    public static string Line(MessageDefinition message) =>
        $"{message.Severity.ToString().ToLowerInvariant(),-9}  {message.Headline}{(message.IsPossible ? "" : "  (cannot happen any more)")}";

    /// <summary>All that is known of a message, for a person in a hurry: what it is, why, what to do.</summary>
    public static string Text(MessageDefinition message)
    {
        List<string> lines =
        [
            message.Headline,
            $"{message.Severity.ToString().ToLowerInvariant()}, raised by {message.Component.ToString().ToLowerInvariant()}",
            "",
            $"Why:        {message.Cause}",
        ];
        if (message.WhyImpossible is { } why)
        {
            lines.Add($"Not here:   {why}");
        }

        lines.Add($"What to do: {message.Remedy}");
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>A JSON array, one object for each text: <c>number variant name severity template cause remedy component possible</c>.</summary>
    public static string Json(IEnumerable<MessageDefinition> messages)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Readable))
        {
            writer.WriteStartArray();
            foreach (MessageDefinition message in messages)
            {
                writer.WriteStartObject();
                writer.WriteNumber("number", message.Number);
                writer.WriteNumber("variant", message.Variant);
                writer.WriteString("name", message.Name);
                writer.WriteString("severity", message.Severity.ToString().ToLowerInvariant());
                writer.WriteString("template", message.Template);
                writer.WriteString("cause", message.Cause);
                writer.WriteString("remedy", message.Remedy);
                writer.WriteString("component", message.Component.ToString().ToLowerInvariant());
                writer.WriteBoolean("possible", message.IsPossible);
                if (message.WhyImpossible is { } why)
                {
                    writer.WriteString("whyImpossible", why);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
