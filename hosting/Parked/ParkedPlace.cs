namespace Quorate.Hosting.Parked;

/// <summary>A queue into which the messages of another one are put aside.</summary>
/// <param name="Queue">The queue they failed in, without prefix.</param>
/// <param name="Kind"><c>error</c>, <c>skipped</c> or <c>dead</c>; the queue's ending.</param>
/// <param name="Meaning">Why a message is there if it does not say so itself.</param>
internal sealed record ParkedPlace(string Queue, string Kind, string Meaning)
{
    /// <summary>The name of the queue they lie in, without prefix.</summary>
    public string Name => $"{Queue}_{Kind}";

    /// <summary>The places of one queue.</summary>
    public static IReadOnlyList<ParkedPlace> Of(string queue) =>
    [
        new(queue, "error", "its handler failed and did not say why"),
        new(queue, "skipped", "nobody here handles messages of its type"),
        new(queue, "dead", "it was handed out again and again and never answered: each time the process that had it died or lost the broker"),
    ];
}
