using Quorate.Contracts;

namespace Quorate.Model.Configuration;

/// <summary>One <c>clusternode</c>.</summary>
/// <param name="Name"><c>@name</c>.</param>
/// <param name="Id"><c>@nodeid</c>, from 1; 0 where it is missing.</param>
/// <param name="Votes"><c>@votes</c>, 0 or more; 1 where it is missing.</param>
/// <param name="HasFenceDevice">True when at least one fence method with a device is configured.</param>
public sealed record ClusterNode(NodeName Name, int Id, int Votes, bool HasFenceDevice);
