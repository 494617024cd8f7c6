using Quorate.Contracts.Views;

namespace Quorate.Contracts.V1;

/// <summary>Asks for the cluster at a glance. Answered by <see cref="ClusterView"/>, as <c>GET /api/cluster</c> and <c>quorate status --json</c>.</summary>
public sealed record GetCluster : IQuery;
