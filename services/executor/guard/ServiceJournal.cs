using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Journal;

namespace Quorate.Executor.Guard;

/// <summary>
/// The services' journals, in memory and on disk. Memory is changed first: an incarnation that ends while the disk is slow already
/// knows what might be about to start.
/// </summary>
internal sealed class ServiceJournal(StateDirectory state)
{
    private readonly Lock _gate = new();

    /// <summary>One write or deletion at a time; held while the disk works, so never together with what must not wait.</summary>
    private readonly Lock _disk = new();
    private readonly Dictionary<ServiceName, JournalEntry> _entries = state.ReadJournal().ToDictionary(entry => entry.Service);

    public ImmutableArray<JournalEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Values.OrderBy(entry => entry.Service)];
            }
        }
    }

    public JournalEntry? Find(ServiceName service)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(service);
        }
    }

    /// <summary>Takes an entry into memory.</summary>
    public void Remember(JournalEntry entry)
    {
        lock (_gate)
        {
            _entries[entry.Service] = entry;
        }
    }

    /// <summary>Takes an entry out of memory again that could not be written; what was known before counts. One changed since stays.</summary>
    public void TakeBack(JournalEntry entry, JournalEntry? before)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_entries.GetValueOrDefault(entry.Service), entry))
            {
                return;
            }

            if (before is null)
            {
                _entries.Remove(entry.Service);
            }
            else
            {
                _entries[entry.Service] = before;
            }
        }
    }

    /// <summary>Writes an entry to disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Write(JournalEntry entry)
    {
        lock (_disk)
        {
            // A write that was slow must not bring back what was forgotten meanwhile.
            if (Find(entry.Service) is not null)
            {
                state.WriteJournal(entry);
            }
        }
    }

    /// <summary>Forgets everything: the incarnation ended, proven.</summary>
    public void Clear()
    {
        lock (_disk)
        {
            foreach (JournalEntry entry in Entries)
            {
                state.DeleteJournal(entry.Service);
                lock (_gate)
                {
                    _entries.Remove(entry.Service);
                }
            }
        }
    }

    /// <summary>True where the resource cannot have been started here: nothing was begun, or its agent was missing then and since.</summary>
    public bool WasNeverStarted(ServiceName service, AgentInvocation invocation) =>
        Find(service) is not { } entry || WasNeverStarted(entry, invocation);

    /// <summary>As above, by that entry.</summary>
    public static bool WasNeverStarted(JournalEntry entry, AgentInvocation invocation) =>
        entry.StartEpoch == 0 || entry.Missing.Contains(invocation.Resource);
}
