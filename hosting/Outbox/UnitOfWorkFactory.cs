using Quorate.Hosting.Crashing;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Outbox;

/// <summary>Makes units of work for tickers and HTTP handlers; consumers get theirs handed.</summary>
public sealed class UnitOfWorkFactory
{
    private readonly IDatabase _database;
    private readonly TablePrefix _tables;
    private readonly OutboxSignal _signal;
    private readonly ICrashPoint _crash;
    private readonly TimeProvider _time;

    internal UnitOfWorkFactory(IDatabase database, TablePrefix tables, OutboxSignal signal, ICrashPoint crash, TimeProvider time)
    {
        _database = database;
        _tables = tables;
        _signal = signal;
        _crash = crash;
        _time = time;
    }

    /// <summary>A new unit of work, its transaction not yet begun.</summary>
    public UnitOfWork Create() => new(_database, _tables, _signal, _crash, _time);
}
