using Quorate.Contracts.V1;
using Quorate.Quorum.Core;

namespace Quorate.Tests.Simulation.Arbiter;

/// <summary>The one row of the arbiter's state.</summary>
internal sealed record ArbiterRow(ArbiterState State, MembershipChanged? Membership)
{
    public const string Key = "state";
}
