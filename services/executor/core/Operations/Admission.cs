using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Operations;

/// <summary>What to do with an order that arrived. A closed set; every case carries its reason.</summary>
public abstract record Admission(string Reason)
{
    private protected abstract void Closed();

    /// <summary>Take it: store it, then run it.</summary>
    public sealed record Run(string Reason) : Admission(Reason)
    {
        private protected override void Closed() { }
    }

    /// <summary>It was taken and has ended: the same answer again.</summary>
    public sealed record Repeat(OperationEnded Answer, string Reason) : Admission(Reason)
    {
        private protected override void Closed() { }
    }

    /// <summary>It was taken and runs: its answer comes when it ends.</summary>
    public sealed record Busy(string Reason) : Admission(Reason)
    {
        private protected override void Closed() { }
    }

    /// <summary>A start before the first lease: look again when it was granted. Nothing is stored, nothing runs (rule S8).</summary>
    public sealed record Wait(string Reason) : Admission(Reason)
    {
        private protected override void Closed() { }
    }

    /// <summary>Of an earlier quorum: nothing is stored, nothing answered. A scheduler that knows it sends it again, of now (rule S14).</summary>
    public sealed record Ignore(string Reason) : Admission(Reason)
    {
        private protected override void Closed() { }
    }

    /// <summary>Not here, not now.</summary>
    /// <param name="TakesEpoch">
    /// True when the refusal is the answer of this epoch for ever: it must be stored, or a later copy of the same order could run
    /// after the scheduler has placed the service elsewhere (rule S8).
    /// </param>
    /// <param name="Reason">In words a person can act on.</param>
    public sealed record Refuse(bool TakesEpoch, string Reason) : Admission(Reason)
    {
        private protected override void Closed() { }
    }
}
