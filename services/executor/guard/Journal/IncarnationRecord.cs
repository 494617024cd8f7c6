using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Executor.Guard.Journal;

/// <summary>Who this node is: on disk before anyone is told.</summary>
internal sealed record IncarnationRecord
{
    /// <summary>How many ended incarnations are remembered.</summary>
    public const int EndedMax = 16;

    public required Incarnation Current { get; init; }

    /// <summary>Earlier incarnations, proven ended, the newest last.</summary>
    public required ImmutableArray<Incarnation> Ended { get; init; }
}
