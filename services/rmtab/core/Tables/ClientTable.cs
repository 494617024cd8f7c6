using System.Collections.Immutable;

namespace Quorate.Rmtab.Core.Tables;

/// <summary>Which clients have mounted which directories, and how often.</summary>
/// <param name="Counts">For each client of a directory how many mounts are counted, at least 1.</param>
/// <remarks>Source: rgmanager.md 7.2.</remarks>
public sealed record ClientTable(ImmutableDictionary<ClientKey, uint> Counts)
{
    /// <summary>No clients.</summary>
    public static ClientTable Empty { get; } = new(ImmutableDictionary<ClientKey, uint>.Empty);
}
