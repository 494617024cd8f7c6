using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Executor.Service;

/// <summary>What an executor holds at one moment.</summary>
/// <param name="Incarnation">Null before its guard said hello.</param>
/// <param name="HasLease">True while it may run services.</param>
/// <param name="MayRun">The services that were started here and are not proven stopped.</param>
public sealed record ExecutorView(Incarnation? Incarnation, bool HasLease, ImmutableArray<ServiceName> MayRun);
