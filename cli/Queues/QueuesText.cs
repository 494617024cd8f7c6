using System.Globalization;

using Quorate.Contracts.Views;

namespace Quorate.Cli.Queues;

/// <summary>Queues and parked messages as lines for a person; one line stays one message for <c>grep</c>.</summary>
internal static class QueuesText
{
    private const string Unknown = "?";

    /// <summary>The queues, then what is parked.</summary>
    public static IEnumerable<string> Lines(QueuesView view)
    {
        int width = view.Queues.Select(queue => queue.Name.Length).Append("Queue".Length).Max();
        yield return $"{"Queue".PadRight(width)}  {"Ready",7}  {"Unacked",7}  {"Consumers",9}  {"Parked",7}";
        foreach (QueueView queue in view.Queues)
        {
            yield return $"{queue.Name.PadRight(width)}  {Number(queue.Ready),7}  {Number(queue.Unacknowledged),7}  {Number(queue.Consumers),9}  {Number(queue.Parked),7}"
                + (queue.Note.Length > 0 ? $"  {queue.Note}" : "");
        }

        if (view.Unavailable.Length > 0)
        {
            yield return $"The queues of the bus are not shown: {view.Unavailable}";
        }

        yield return "";
        long parked = view.Queues.Sum(queue => queue.Parked);
        yield return parked == 0 && view.Parked.Count == 0 ? "Nothing is parked." : $"Parked ({view.Parked.Count} of {parked} shown):";
        foreach (ParkedMessageView message in view.Parked)
        {
            yield return $"{message.Id}  {At(message)}  {message.Queue} ({message.Kind})  {message.Type}  {message.Size} B  {Reason(message)}";
            yield return $"              {message.Body}";
        }
    }

    /// <summary>One message, field by field.</summary>
    public static IReadOnlyList<string> Details(ParkedMessageView message) =>
    [
        $"Id:          {message.Id}",
        $"Message id:  {message.MessageId ?? "none: each copy of it counts as a message of its own"}",
        $"Queue:       {message.Queue} ({message.Kind})",
        $"Parked at:   {At(message)}",
        $"Type:        {message.Type}",
        $"Reason:      {Reason(message)}",
        $"Size:        {message.Size} B",
        message.Body,
    ];

    /// <summary>What was done to which messages.</summary>
    public static IEnumerable<string> Lines(ParkedActionView outcome, string what) =>
        outcome.Done.Select(message => $"{message.Id}  {message.Type} of {message.Queue}: {what}").DefaultIfEmpty($"nothing was {what}");

    /// <summary>For a queue that nobody knows.</summary>
    public static string NoQueue(string? name) => $"quorate: there is no queue '{name}', and nothing was put back; quorate queues lists them";

    private static string Reason(ParkedMessageView message) =>
        message.Number is { } number && !message.Reason.Contains($"#{number}:", StringComparison.Ordinal) ? $"#{number}: {message.Reason}" : message.Reason;

    private static string At(ParkedMessageView message) =>
        message.At?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Unknown;
}
