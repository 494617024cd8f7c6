using System.Collections.Immutable;
using Quorate.Cli.Demo.Witness;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Storm.Judging;

/// <summary>All that an outsider can know of a round: files that agents wrote, and what the API says.</summary>
/// <param name="Lines">What the witness agents wrote, <c>starting</c> included.</param>
/// <param name="Histories">Every transition of each service, oldest first.</param>
/// <param name="Fencings">What fence agents came to.</param>
/// <param name="Orders">Every command given.</param>
/// <param name="Cluster">The cluster after all was healed; null when nobody answered any more.</param>
/// <param name="Now">CLOCK_BOOTTIME in nanoseconds when all this was collected.</param>
/// <param name="WallClock">The time of day at that moment.</param>
internal sealed record Evidence(
    ImmutableArray<WitnessLine> Lines,
    ImmutableSortedDictionary<string, ImmutableArray<TransitionView>> Histories,
    ImmutableArray<FenceAttempted> Fencings,
    ImmutableArray<OrderOutcome> Orders,
    ClusterView? Cluster,
    long Now,
    DateTimeOffset WallClock);
