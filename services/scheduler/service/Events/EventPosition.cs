using System.Globalization;

namespace Quorate.Scheduler.Service.Events;

/// <summary>A place in the order of events: by the transaction that wrote them, then as they were written in it.</summary>
/// <param name="Transaction">Of the database; 0 on SQLite, whose transactions exclude each other.</param>
/// <param name="Id">Of the row.</param>
internal readonly record struct EventPosition(long Transaction, long Id) : IComparable<EventPosition>
{
    /// <summary>Before all events.</summary>
    public static EventPosition Start { get; } = new(0, 0);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static EventPosition? Parse(string text) =>
        text.Split('-') is [var transaction, var id]
        && long.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out long first)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long second)
            ? new EventPosition(first, second)
            : null;

    public int CompareTo(EventPosition other) => (Transaction, Id).CompareTo((other.Transaction, other.Id));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Transaction}-{Id}");
}
