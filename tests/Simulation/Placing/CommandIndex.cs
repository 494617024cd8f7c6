using System.Collections.Immutable;

namespace Quorate.Tests.Simulation.Placing;

/// <summary>The ids of all commands, in the order they were accepted: what a query over the table gives.</summary>
internal sealed record CommandIndex(ImmutableArray<string> RequestIds)
{
    public const string Key = "commands";
}
