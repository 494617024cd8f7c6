using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Quorum.Core.Maintenance;

/// <summary>How a command to switch maintenance ended.</summary>
/// <param name="Result">For the answer.</param>
/// <param name="Reasons">Which nodes confirmed, are offline, or did not confirm.</param>
public sealed record MaintenanceAnswer(ResultCode Result, ImmutableArray<string> Reasons);
