using System.Diagnostics.CodeAnalysis;

namespace Quorate.Executor.Guard;

/// <summary>A queue between threads: adding never waits, and fails when it is full or ended; taking waits.</summary>
internal sealed class BoundedQueue<T>(int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private bool _hasEnded;

    /// <summary>True where nothing waits to be taken.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _items.Count == 0;
            }
        }
    }

    public bool TryAdd(T item)
    {
        lock (_gate)
        {
            if (_hasEnded || _items.Count >= capacity)
            {
                return false;
            }

            _items.Enqueue(item);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>No more is added; what waits is still taken.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the next; false once the queue has ended and is empty.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }

            return _items.TryDequeue(out item);
        }
    }
}
