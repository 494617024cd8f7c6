namespace Quorate.Executor.Core.Leases;

/// <summary>When the next heartbeat is due, and which number it carries.</summary>
/// <remarks>Source: DESIGN 3, defaults (heartbeat every ttl/5).</remarks>
public static class HeartbeatRhythm
{
    /// <summary>A lease lasts this many heartbeats.</summary>
    public const int BeatsPerTtl = 5;

    /// <summary>How soon a node that is not admitted knocks again, at first.</summary>
    public static readonly TimeSpan FirstKnock = TimeSpan.FromMilliseconds(200);

    /// <summary>The slowest knocking of a node that is not admitted.</summary>
    public static readonly TimeSpan LastKnock = TimeSpan.FromSeconds(1);

    /// <summary>The pause before the next heartbeat: ttl/5 once admitted; before that growing from 200 ms to 1 s, never slower than ttl/5.</summary>
    /// <param name="lease">What is known now.</param>
    /// <param name="beatsSent">How many heartbeats went out before the first grant, from 0.</param>
    public static TimeSpan Pause(LeaseState lease, int beatsSent)
    {
        TimeSpan beat = lease.Ttl / BeatsPerTtl;
        if (lease.IsAdmitted)
        {
            return beat;
        }

        TimeSpan knock = FirstKnock * Math.Clamp(beatsSent, 1, (int)(LastKnock / FirstKnock));
        return knock < beat ? knock : beat;
    }

    /// <summary>The next sequence: the boottime in milliseconds, so that it goes on growing when the executor is started anew, and always above the last.</summary>
    public static long NextSequence(long last, long now) => Math.Max(last + 1, now);
}
