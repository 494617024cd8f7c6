using Quorate.Contracts.V1;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>The quorum that the schedulers of a test hear: what it finds when one asks it to look at the database (rule S14).</summary>
internal sealed class QuorumDouble
{
    private volatile ArbiterPoint? _finds = At(era: 1, generation: 0);
    private volatile bool _isTrusted = true;
    private volatile int _asked;

    /// <summary>How often it was asked to look.</summary>
    public int Asked => _asked;

    /// <summary>It answers nobody.</summary>
    public void FallSilent() => _finds = null;

    /// <summary>What it finds from now on.</summary>
    public void Find(int era, long generation, bool isTrusted) => (_isTrusted, _finds) = (isTrusted, At(era, generation));

    /// <summary>What it says to one who asks, and to all of them now and then.</summary>
    public ArbiterSeen Seen(string look = "") => new()
    {
        Replica = "quorum",
        Era = 1,
        Sequence = 1,
        Generation = 0,
        Stored = _finds,
        IsTrusted = _isTrusted,
        Look = look,
    };

    /// <summary>Somebody asks it to look; null when it is silent.</summary>
    public ArbiterSeen? Ask(string look)
    {
        Interlocked.Increment(ref _asked);
        return _finds is null ? null : Seen(look);
    }

    private static ArbiterPoint At(int era, long generation) => new() { Era = era, Sequence = 1, Generation = generation };
}
