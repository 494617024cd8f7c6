using System.Collections.Immutable;

namespace Quorate.Model.Configuration;

/// <summary>What reading a <c>cluster.conf</c> gave: as much as is sound, and every finding at once.</summary>
/// <param name="Configuration">Null only when the text is no XML or not a cluster's.</param>
/// <param name="Problems">In line order.</param>
public sealed record ConfigurationResult(ClusterConfiguration? Configuration, ImmutableArray<ConfigProblem> Problems);
